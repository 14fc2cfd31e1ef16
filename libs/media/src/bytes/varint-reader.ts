import { corruptBox } from './box-error';

const TEXT = new TextDecoder();

/** Reads what {@link VarintWriter} wrote, and refuses whatever it cannot have written. */
export class VarintReader {
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    /** What is read, for refusals. */
    readonly record: string,
  ) {}

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) {
      throw this.refuse('ends early');
    }
    this.at++;
    return byte;
  }

  unsigned(): number {
    let byte = this.u8();
    if (byte < 128) {
      return byte;
    }
    let value = byte - 128;
    let unit = 128;
    do {
      byte = this.u8();
      value += (byte & 127) * unit;
      unit *= 128;
      if (value > Number.MAX_SAFE_INTEGER) {
        throw this.refuse('holds a number beyond 2^53');
      }
    } while (byte > 127 && unit < 2 ** 63);
    if (byte > 127) {
      throw this.refuse('holds a number without an end');
    }
    return value;
  }

  signed(): number {
    // Columns are nearly all of one and two bytes, and there are millions in a day: these take no call.
    const first = this.bytes[this.at] ?? 128;
    if (first < 128) {
      this.at++;
      return (first >>> 1) ^ -(first & 1);
    }
    const second = this.bytes[this.at + 1] ?? 128;
    if (second < 128) {
      this.at += 2;
      return (((first & 127) | (second << 7)) >>> 1) ^ -(first & 1);
    }
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A number that may not pass `most`, such as a count that something is allocated for. */
  atMost(most: number, what: string): number {
    const value = this.unsigned();
    if (value > most) {
      throw this.refuse(`claims ${value} ${what}, at most ${most} can be`);
    }
    return value;
  }

  /** A copy, so that a small blob does not keep a large record in memory. */
  blob(): Uint8Array {
    const length = this.atMost(this.remaining, 'bytes');
    this.at += length;
    return this.bytes.slice(this.at - length, this.at);
  }

  skipBlob(): void {
    const length = this.atMost(this.remaining, 'bytes');
    this.at += length;
  }

  text(): string {
    return TEXT.decode(this.blob());
  }

  expectEnd(): void {
    if (this.remaining > 0) {
      throw this.refuse(`is ${this.remaining} bytes longer than its fields`);
    }
  }

  refuse(problem: string): Error {
    return corruptBox(this.record, problem);
  }
}
