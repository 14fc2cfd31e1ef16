import type { SampleFinder } from './mdat-map';
import type { SampleTable } from './sample-table';
import type { TrackTables } from './track-tables';

/** Samples `[first, end)` that lie together in an object from `offset` on. */
interface Group {
  readonly object: number;
  readonly first: number;
  readonly end: number;
  readonly offset: number;
  /** Bytes inline before the first of them, which count among its own. */
  readonly prefixBytes: number;
}

/** Puts a track's samples where mdat has them, as chunks: samples that lie together there. */
export class ChunkPlacer {
  count = 0;
  /** Counted from mdat's payload. */
  furthest = 0;
  private samplesInChunk = 0;
  private samplesInChunkBefore = 0;
  private chunkEnd = -1;

  constructor(
    private readonly tables: TrackTables,
    private readonly finder: SampleFinder,
  ) {}

  /** Sizes have the prefixes of sync samples in them, chunk offsets are those of the object. */
  addRun(object: number, table: SampleTable, prefixBytes: number): void {
    this.end();
    let first = 0;
    for (let chunk = 0; chunk < table.chunkOffsets.length; chunk++) {
      const end = first + (table.chunkSampleCounts[chunk] ?? 0);
      const group = { object, first, end, offset: table.chunkOffsets[chunk] ?? 0, prefixBytes: 0 };
      if (prefixBytes === 0) {
        this.placeGroup(group, table.sizes);
      } else {
        this.placePrefixed({ ...group, prefixBytes }, table);
      }
      first = end;
    }
  }

  /** Closes the chunk that is open. */
  end(): void {
    if (this.samplesInChunk > 0 && this.samplesInChunk !== this.samplesInChunkBefore) {
      this.tables.chunkSizes.pushPair(this.count, this.samplesInChunk);
      this.tables.chunkSizes.push(1); // sample description
      this.samplesInChunkBefore = this.samplesInChunk;
    }
    this.samplesInChunk = 0;
    this.chunkEnd = -1;
  }

  /** Each sync sample begins a group of its own kind: inline bytes stand between it and what lies before it. */
  private placePrefixed(group: Group, { sizes, syncs }: SampleTable): void {
    let { first, offset } = group;
    while (first < group.end) {
      const prefixBytes = syncs[first] === 1 ? group.prefixBytes : 0;
      const next = syncs.subarray(0, group.end).indexOf(1, first + 1);
      const end = next < 0 ? group.end : next;
      offset += this.placeGroup({ ...group, first, end, offset, prefixBytes }, sizes) - prefixBytes;
      first = end;
    }
  }

  /** Returns how many bytes the group takes in the file. It may span several ranges. */
  private placeGroup({ object, first, end, offset, prefixBytes }: Group, sizes: Uint32Array): number {
    let sample = first;
    let prefix = prefixBytes;
    let at = offset;
    while (sample < end) {
      const filled = firstFilled(sizes, sample, end);
      if (filled === end) {
        // Empty samples are everywhere, also where no range of the movie is.
        this.place(Math.max(0, this.chunkEnd), end - sample, 0);
        break;
      }
      const size = (sizes[filled] ?? 0) - prefix;
      const range = this.finder.find(object, at, size, prefix);
      const room = prefix + range.offset + range.length - at;
      const from = sample;
      let length = 0;
      do {
        length += sizes[sample++] ?? 0;
      } while (sample < end && length + (sizes[sample] ?? 0) <= room);
      this.place(range.position + at - range.offset - prefix, sample - from, length);
      at += length - prefix;
      prefix = 0;
    }
    return at - offset + prefixBytes;
  }

  private place(position: number, count: number, length: number): void {
    if (position !== this.chunkEnd) {
      this.end();
      this.count++;
      this.tables.addChunk(position);
      this.furthest = Math.max(this.furthest, position);
    }
    this.samplesInChunk += count;
    this.chunkEnd = position + length;
  }
}

/** The first sample that has bytes; `end` when none has. */
function firstFilled(sizes: Uint32Array, first: number, end: number): number {
  let sample = first;
  while (sample < end && sizes[sample] === 0) {
    sample++;
  }
  return sample;
}
