import { corruptBox } from './box-error';

const TWO_32 = 4_294_967_296;

/**
 * Reads big-endian numbers from the body of one box. Whatever does not fit is refused in the box's name,
 * and counts are held against the bytes that are there before anything is allocated.
 */
export class ByteReader {
  private readonly view: DataView;
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    /** Four characters of the box that is read, for refusals. */
    readonly box: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The same bytes from their start, for a second pass. */
  reopen(): ByteReader {
    return new ByteReader(this.bytes, this.box);
  }

  get position(): number {
    return this.at;
  }

  get remaining(): number {
    return this.bytes.byteLength - this.at;
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2));
  }

  u24(): number {
    const at = this.take(3);
    return this.view.getUint8(at) * 65_536 + this.view.getUint16(at + 1);
  }

  u32(): number {
    return this.view.getUint32(this.take(4));
  }

  i32(): number {
    return this.view.getInt32(this.take(4));
  }

  /** Refuses what a double cannot hold exactly. */
  u64(): number {
    const at = this.take(8);
    return this.safe(this.view.getUint32(at) * TWO_32 + this.view.getUint32(at + 4));
  }

  i64(): number {
    const at = this.take(8);
    return this.safe(this.view.getInt32(at) * TWO_32 + this.view.getUint32(at + 4));
  }

  bigU64(): bigint {
    return this.view.getBigUint64(this.take(8));
  }

  /** Four characters, one per byte, as box types and brands are written. */
  fourcc(): string {
    const at = this.take(4);
    return String.fromCharCode(...this.bytes.subarray(at, at + 4));
  }

  u32s(count: number): Uint32Array {
    let at = this.takeTable(count, 4);
    const values = new Uint32Array(count);
    for (let i = 0; i < count; i++, at += 4) {
      values[i] = this.view.getUint32(at);
    }
    return values;
  }

  u64s(count: number): Float64Array {
    let at = this.takeTable(count, 8);
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++, at += 8) {
      values[i] = this.safe(this.view.getUint32(at) * TWO_32 + this.view.getUint32(at + 4));
    }
    return values;
  }

  /** A view of the next bytes, not a copy. */
  slice(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  skip(length: number): void {
    this.take(length);
  }

  /** Refuses a table that claims more entries than its box has bytes for. */
  expectRoomFor(count: number, entryBytes: number): void {
    if (count * entryBytes > this.remaining) {
      throw corruptBox(this.box, `claims ${count} entries and has room for ${this.roomFor(entryBytes)}`);
    }
  }

  /** Refuses bytes behind the last field. */
  expectEnd(): void {
    if (this.remaining > 0) {
      throw corruptBox(this.box, `is ${this.remaining} bytes longer than its fields`);
    }
  }

  private roomFor(entryBytes: number): number {
    return Math.floor(this.remaining / entryBytes);
  }

  private takeTable(count: number, entryBytes: number): number {
    this.expectRoomFor(count, entryBytes);
    return this.take(count * entryBytes);
  }

  private take(length: number): number {
    if (length > this.remaining) {
      throw corruptBox(this.box, `ends ${length - this.remaining} bytes early`);
    }
    const at = this.at;
    this.at += length;
    return at;
  }

  private safe(value: number): number {
    if (!Number.isSafeInteger(value)) {
      throw corruptBox(this.box, `holds a 64-bit number beyond 2^53`);
    }
    return value;
  }
}
