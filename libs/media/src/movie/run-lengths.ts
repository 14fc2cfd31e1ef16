import type { WordTable } from '../bytes/word-table';

/** Collects the pairs of a count and a value that stts and ctts are made of, and what the values come to. */
export class RunLengths {
  /** Of all values, at most 2^53. */
  sum = 0;
  least = 0;
  greatest = 0;
  private value = 0;
  private count = 0;

  constructor(private readonly pairs: WordTable) {}

  addAll(values: Uint32Array | Int32Array): void {
    let from = 0;
    let { value } = this;
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== value) {
        this.count += i - from;
        this.end();
        from = i;
        value = values[i] ?? 0;
        this.value = value;
      }
    }
    this.count += values.length - from;
  }

  /** Closes the pair that is open. */
  end(): void {
    const { value, count } = this;
    if (count > 0) {
      this.pairs.pushPair(count, value);
      this.sum += count * value;
      this.least = Math.min(this.least, value);
      this.greatest = Math.max(this.greatest, value);
      this.count = 0;
    }
  }
}
