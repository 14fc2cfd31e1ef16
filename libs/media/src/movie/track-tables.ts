import { WordTable } from '../bytes/word-table';

/** What a pass over a track's samples has found. */
export interface TrackSums {
  readonly sampleCount: number;
  readonly chunkCount: number;
  /** Ticks of all samples together. */
  readonly duration: number;
  readonly leastCompositionOffset: number;
  readonly greatestCompositionOffset: number;
  /** Where the last chunk in the file begins, counted from mdat's payload. */
  readonly furthestChunk: number;
}

/** Where mdat's payload begins, and whether chunk offsets are written in 64 bits. */
export interface ChunkBase {
  readonly offset: number;
  readonly isWide: boolean;
}

const TWO_32 = 4_294_967_296;

/** One track's sample tables in the form of the file: counted by one pass over its samples, filled by a second. */
export class TrackTables {
  /** Pairs of a count and a duration. */
  readonly durations = new WordTable();
  /** Pairs of a count and an offset. */
  readonly compositionOffsets = new WordTable();
  /** Numbers from 1. */
  readonly syncNumbers = new WordTable();
  /** Triples. */
  readonly chunkSizes = new WordTable();
  readonly sizes = new WordTable();
  /** One word each, or two. */
  chunkOffsets = new WordTable();
  private base: ChunkBase = { offset: 0, isWide: false };

  /** Says where the chunks' offsets begin: before their box is measured, and again before it is written. */
  placeChunks(chunkCount: number, base: ChunkBase): void {
    this.base = base;
    this.chunkOffsets = new WordTable();
    this.chunkOffsets.reserve(chunkCount * (base.isWide ? 2 : 1));
  }

  /** A chunk at a position that counts from mdat's payload. */
  addChunk(position: number): void {
    const offset = this.base.offset + position;
    if (this.base.isWide) {
      this.chunkOffsets.pushPair(Math.floor(offset / TWO_32), offset % TWO_32);
    } else {
      this.chunkOffsets.push(offset);
    }
  }

  /** Behind the second pass. */
  expectFull(): void {
    const { durations, compositionOffsets, syncNumbers, chunkSizes, sizes, chunkOffsets } = this;
    for (const table of [durations, compositionOffsets, syncNumbers, chunkSizes, sizes, chunkOffsets]) {
      table.expectFull();
    }
  }
}
