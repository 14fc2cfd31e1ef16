/**
 * The samples of one track that lie in one object, in decode order, as columns.
 *
 * Positions are kept by chunk in the ISO sense (ISO/IEC 14496-12 §8.7.4): samples of the track that
 * lie together. `sum(chunkSampleCounts) === count`. Nothing here knows a wall time.
 */
export interface SampleTable {
  readonly count: number;
  /** Bytes of each sample. */
  readonly sizes: Uint32Array;
  /** Ticks from each sample's decode time to the next one's. */
  readonly durations: Uint32Array;
  /** Ticks from decode time to presentation time, signed. */
  readonly compositionOffsets: Int32Array;
  /** 1 where decoding can start, else 0. */
  readonly syncs: Uint8Array;
  /** Byte offset of each chunk in the object; doubles, because objects may pass 4 GiB. */
  readonly chunkOffsets: Float64Array;
  readonly chunkSampleCounts: Uint32Array;
}
