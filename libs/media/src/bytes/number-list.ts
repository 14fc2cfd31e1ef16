const BLOCK_LENGTH = 65_536;

type Block = Uint32Array | Float64Array;

/**
 * A list of numbers that grows by blocks: a day of samples costs its own size, never twice that while an
 * array is doubled.
 */
class NumberList<T extends Block> {
  readonly blocks: T[] = [];
  private last: T;
  private used = 0;

  constructor(private readonly makeBlock: (length: number) => T) {
    this.last = makeBlock(0);
  }

  get length(): number {
    return this.blocks.length * BLOCK_LENGTH + this.used;
  }

  push(value: number): void {
    if (this.used === this.last.length) {
      this.grow();
    }
    this.last[this.used++] = value;
  }

  pushAll(values: T): void {
    for (let from = 0; from < values.length;) {
      if (this.used === this.last.length) {
        this.grow();
      }
      const taken = Math.min(values.length - from, this.last.length - this.used);
      this.last.set(values.subarray(from, from + taken), this.used);
      this.used += taken;
      from += taken;
    }
  }

  /** The numbers in order, as views. */
  *[Symbol.iterator](): Generator<T> {
    yield* this.blocks;
    if (this.used > 0) {
      // subarray of a T is a T; the library's types say so only for each class on its own.
      yield this.last.subarray(0, this.used) as T;
    }
  }

  private grow(): void {
    if (this.last.length > 0) {
      this.blocks.push(this.last);
    }
    this.last = this.makeBlock(BLOCK_LENGTH);
    this.used = 0;
  }
}

export class Uint32List extends NumberList<Uint32Array> {
  constructor() {
    super((length) => new Uint32Array(length));
  }
}

export class Float64List extends NumberList<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length));
  }
}
