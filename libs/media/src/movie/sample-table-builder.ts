import { corruptBox } from '../bytes/box-error';
import type { SampleTable } from './sample-table';

/** An hour, the longest segment, at more than 500 samples a second: 27 MB of columns. */
export const MOST_SAMPLES = 2 * 1024 * 1024;

/** Collects the samples of one track in decode order, and joins chunks that lie together. */
export class SampleTableBuilder {
  count = 0;
  sizes = new Uint32Array(0);
  durations = new Uint32Array(0);
  compositionOffsets = new Int32Array(0);
  syncs = new Uint8Array(0);
  private readonly chunkOffsets: number[] = [];
  private readonly chunkSampleCounts: number[] = [];
  private chunkEnd = NaN;

  /** `sizeBytes` of the object bounds how many samples are believed: a sample has a byte at least, on average. */
  constructor(private readonly sizeBytes: number) {}

  /** Makes room for `extra` samples that `box` claims and returns the number of the first. */
  append(extra: number, box: string): number {
    const first = this.count;
    const count = first + extra;
    if (count > Math.min(MOST_SAMPLES, this.sizeBytes)) {
      throw corruptBox(box, `claims ${count} samples in an object of ${this.sizeBytes} bytes`);
    }
    if (count > this.sizes.length) {
      this.grow(Math.max(count, 2 * first));
    }
    this.count = count;
    return first;
  }

  addChunk(offset: number, sampleCount: number, lengthBytes: number): void {
    const last = this.chunkOffsets.length - 1;
    if (offset === this.chunkEnd) {
      this.chunkSampleCounts[last] = (this.chunkSampleCounts[last] ?? 0) + sampleCount;
    } else {
      this.chunkOffsets.push(offset);
      this.chunkSampleCounts.push(sampleCount);
    }
    this.chunkEnd = offset + lengthBytes;
  }

  sumOfDurations(): number {
    return this.durations.subarray(0, this.count).reduce((sum, duration) => sum + duration, 0);
  }

  build(): SampleTable {
    return {
      count: this.count,
      sizes: exactly(this.sizes, this.count),
      durations: exactly(this.durations, this.count),
      compositionOffsets: exactly(this.compositionOffsets, this.count),
      syncs: exactly(this.syncs, this.count),
      chunkOffsets: Float64Array.from(this.chunkOffsets),
      chunkSampleCounts: Uint32Array.from(this.chunkSampleCounts),
    };
  }

  private grow(capacity: number): void {
    this.sizes = grown(this.sizes, new Uint32Array(capacity));
    this.durations = grown(this.durations, new Uint32Array(capacity));
    this.compositionOffsets = grown(this.compositionOffsets, new Int32Array(capacity));
    this.syncs = grown(this.syncs, new Uint8Array(capacity));
  }
}

function grown<T extends Uint32Array | Int32Array | Uint8Array>(old: T, bigger: T): T {
  bigger.set(old);
  return bigger;
}

/** Copied only when it has room to spare, which would stay in memory with a view. */
function exactly<T extends Uint32Array | Int32Array | Uint8Array>(column: T, count: number): T {
  // slice of a T is a T; the library's types say so only for each class on its own.
  return column.length === count ? column : (column.slice(0, count) as T);
}
