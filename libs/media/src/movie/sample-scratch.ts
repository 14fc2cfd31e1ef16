type Column = Uint32Array | Int32Array | Uint8Array | Float64Array;

/**
 * Memory for one sample table at a time. Whoever reads tables one behind another and keeps none gives the same scratch for
 * each: a day has tens of thousands, and memory of their own would be given back late. What a column holds when it is taken
 * is of tables before.
 */
export class SampleScratch {
  readonly sizes = new Reused((count) => new Uint32Array(count));
  readonly durations = new Reused((count) => new Uint32Array(count));
  readonly compositionOffsets = new Reused((count) => new Int32Array(count));
  readonly syncs = new Reused((count) => new Uint8Array(count));
  /** From one sync sample to the next, while a table is read. */
  readonly syncSteps = new Reused((count) => new Uint32Array(count));
  readonly chunkOffsets = new Reused((count) => new Float64Array(count));
  readonly chunkSampleCounts = new Reused((count) => new Uint32Array(count));
}

/** One column. Most tables of a track have equally many samples, and get the very same view. */
class Reused<T extends Column> {
  private whole: T;
  private view: T;

  constructor(private readonly make: (count: number) => T) {
    this.whole = make(0);
    this.view = this.whole;
  }

  readonly take = (count: number): T => {
    if (count > this.whole.length) {
      this.whole = this.make(count);
    }
    if (count !== this.view.length) {
      // subarray of a T is a T; the library's types say so only for each class on its own.
      this.view = count === this.whole.length ? this.whole : (this.whole.subarray(0, count) as T);
    }
    return this.view;
  };
}
