import { ExportError } from '@clipmesh/errors';

/**
 * A table of 32-bit words that is written twice and kept nowhere else: at first it only counts them, and once it was
 * opened at its place in the header's bytes it fills that place.
 */
export class WordTable {
  private used = 0;
  private counted = Infinity;
  private view: DataView | undefined;

  /** Words in the table: so many as the first pass has counted. */
  get length(): number {
    return this.view === undefined ? this.used : this.counted;
  }

  /** Counts words that only the second pass will know. */
  reserve(words: number): void {
    this.used += words;
  }

  /** Ends the count; what is pushed from here on goes to `bytes`, from `offset` on, and must be as much again. */
  open(bytes: Uint8Array, offset: number): void {
    this.view = new DataView(bytes.buffer, bytes.byteOffset + offset, 4 * this.used);
    this.counted = this.used;
    this.used = 0;
  }

  /** Signed values are written in two's complement. */
  push(word: number): void {
    this.expectRoomFor(1);
    this.view?.setUint32(4 * this.used, word);
    this.used++;
  }

  pushPair(first: number, second: number): void {
    this.push(first);
    this.push(second);
  }

  pushAll(words: Uint32Array): void {
    this.expectRoomFor(words.length);
    const { view } = this;
    if (view !== undefined) {
      let at = 4 * this.used;
      for (let i = 0; i < words.length; i++, at += 4) {
        view.setUint32(at, words[i] ?? 0);
      }
    }
    this.used += words.length;
  }

  /** The second pass must have told as much as the first. */
  expectFull(): void {
    if (this.view !== undefined && this.used !== this.counted) {
      throw changed(this.used, this.counted);
    }
  }

  private expectRoomFor(words: number): void {
    if (this.used + words > this.counted) {
      throw changed(this.used + words, this.counted);
    }
  }
}

function changed(found: number, counted: number): ExportError {
  return new ExportError('InternalError', {
    message: `a table of the header had ${counted} words when it was counted, and ${found} when it was written`,
  });
}
