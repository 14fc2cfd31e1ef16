import { Float64List, Uint32List } from '../bytes/number-list';
import type { SampleFinder } from './mdat-map';
import type { SampleRun } from './movie';
import type { SampleTable } from './sample-table';
import { sumOfSizes } from './slice-sample-table';

/** Collects pairs of a count and a value as they go into stts and ctts. */
class RunLengths {
  readonly pairs = new Uint32List();
  private value = 0;
  private count = 0;

  addAll(values: Uint32Array | Int32Array): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? 0;
      if (value === this.value) {
        this.count++;
      } else {
        this.end();
        this.value = value;
        this.count = 1;
      }
    }
  }

  end(): void {
    if (this.count > 0) {
      this.pairs.push(this.count);
      this.pairs.push(this.value); // wraps into two's complement
      this.count = 0;
    }
  }
}

/** One track's sample tables in the form of the file, filled run by run; positions count from mdat's payload. */
export class TrackTables {
  sampleCount = 0;
  /** Ticks of all samples together. */
  duration = 0;
  leastCompositionOffset = 0;
  greatestCompositionOffset = 0;
  furthestChunk = 0;
  readonly sizes = new Uint32List();
  /** Numbers from 1. */
  readonly syncNumbers = new Uint32List();
  readonly chunkPositions = new Float64List();
  /** Triples of stsc. */
  readonly chunkSizes = new Uint32List();
  private readonly timing = new RunLengths();
  private readonly offsets = new RunLengths();
  private samplesInChunk = 0;
  private samplesInChunkBefore = 0;
  private chunkEnd = -1;

  constructor(private readonly finder: SampleFinder) {}

  get durationPairs(): Uint32List {
    return this.timing.pairs;
  }

  get compositionPairs(): Uint32List {
    return this.offsets.pairs;
  }

  addRun(run: SampleRun): void {
    const table = run.readSamples();
    this.sizes.pushAll(table.sizes);
    this.timing.addAll(table.durations);
    this.offsets.addAll(table.compositionOffsets);
    this.measure(table);
    this.addSyncs(table.syncs);
    this.placeChunks(run.object, table);
    this.sampleCount += table.count;
  }

  /** Closes what is still open, behind the last run. */
  end(): void {
    this.endChunk();
    this.timing.end();
    this.offsets.end();
  }

  private measure(table: SampleTable): void {
    for (let i = 0; i < table.count; i++) {
      const offset = table.compositionOffsets[i] ?? 0;
      this.duration += table.durations[i] ?? 0;
      this.leastCompositionOffset = Math.min(this.leastCompositionOffset, offset);
      this.greatestCompositionOffset = Math.max(this.greatestCompositionOffset, offset);
    }
  }

  private addSyncs(syncs: Uint8Array): void {
    for (let i = 0; i < syncs.length; i++) {
      if (syncs[i] === 1) {
        this.syncNumbers.push(this.sampleCount + i + 1);
      }
    }
  }

  private placeChunks(object: number, table: SampleTable): void {
    this.endChunk();
    let first = 0;
    for (let chunk = 0; chunk < table.chunkOffsets.length; chunk++) {
      const end = first + (table.chunkSampleCounts[chunk] ?? 0);
      this.placeChunk(object, table, first, end, table.chunkOffsets[chunk] ?? 0);
      first = end;
    }
  }

  /** Places samples `[first, end)`, which lie together in the object from `offset` on and may span several ranges. */
  private placeChunk(object: number, table: SampleTable, first: number, end: number, offset: number): void {
    let sample = first;
    let at = offset;
    while (sample < end) {
      const range = this.finder.find(object, at, table.sizes[sample] ?? 0);
      const taken = fitting(table.sizes, sample, end, range.offset + range.length - at);
      const length = sumOfSizes(table.sizes, sample, sample + taken);
      this.place(range.position + at - range.offset, taken, length);
      sample += taken;
      at += length;
    }
  }

  private place(position: number, count: number, length: number): void {
    if (position !== this.chunkEnd) {
      this.endChunk();
      this.chunkPositions.push(position);
      this.furthestChunk = Math.max(this.furthestChunk, position);
    }
    this.samplesInChunk += count;
    this.chunkEnd = position + length;
  }

  private endChunk(): void {
    if (this.samplesInChunk > 0 && this.samplesInChunk !== this.samplesInChunkBefore) {
      this.chunkSizes.push(this.chunkPositions.length);
      this.chunkSizes.push(this.samplesInChunk);
      this.chunkSizes.push(1); // sample description
      this.samplesInChunkBefore = this.samplesInChunk;
    }
    this.samplesInChunk = 0;
    this.chunkEnd = -1;
  }
}

/** How many samples from `first` on fit into `room` bytes. */
function fitting(sizes: Uint32Array, first: number, end: number, room: number): number {
  let left = room;
  let sample = first;
  while (sample < end) {
    left -= sizes[sample] ?? 0;
    if (left < 0) {
      break;
    }
    sample++;
  }
  return sample - first;
}
