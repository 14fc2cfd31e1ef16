/** Little-endian base-128 numbers, as compact records hold them. Whole numbers up to 2^53, or zigzag for signed ones. */
export class VarintWriter {
  private bytes: Uint8Array;
  private at = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  unsigned(value: number): void {
    this.reserve(8);
    let rest = value;
    // Bit operations reach 31 bits, division the rest.
    while (rest > 0x7fff_ffff) {
      this.bytes[this.at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.bytes[this.at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  /** Magnitudes up to 2^52: small ones of either sign stay short. */
  signed(value: number): void {
    this.unsigned(zigzag(value));
  }

  /** A length and the bytes. */
  blob(bytes: Uint8Array): void {
    this.unsigned(bytes.length);
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  text(text: string): void {
    this.blob(new TextEncoder().encode(text));
  }

  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.at);
  }

  private reserve(extra: number): void {
    if (this.at + extra > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(2 * this.bytes.length, this.at + extra));
      bigger.set(this.bytes);
      this.bytes = bigger;
    }
  }
}

/** 0, -1, 1, -2, ... as 0, 1, 2, 3, ... */
export function zigzag(value: number): number {
  return value >= 0 ? 2 * value : -2 * value - 1;
}

/** Bytes that a number takes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let limit = 128; value >= limit; limit *= 128) {
    length++;
  }
  return length;
}
