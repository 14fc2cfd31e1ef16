import { ExportError } from '@clipmesh/errors';
import type { WordTable } from './word-table';

const TWO_32 = 4_294_967_296;
export const MAX_U32 = TWO_32 - 1;

/** 32-bit words of a table. */
export type Words = Uint32Array | WordTable;

/**
 * Writes boxes big-endian. The same code runs twice: once to measure, without memory, and once to fill
 * exactly as many bytes, so a size and what is written can never part.
 */
export class BoxWriter {
  private at = 0;

  private constructor(
    private readonly bytes: Uint8Array,
    private readonly view: DataView | undefined,
  ) {}

  static measure(write: (w: BoxWriter) => void): number {
    const w = new BoxWriter(new Uint8Array(0), undefined);
    write(w);
    return w.at;
  }

  static fill(sizeBytes: number, write: (w: BoxWriter) => void): Uint8Array {
    const bytes = new Uint8Array(sizeBytes);
    const w = new BoxWriter(bytes, new DataView(bytes.buffer));
    write(w);
    if (w.at !== sizeBytes) {
      throw new ExportError('InternalError', {
        message: `wrote ${w.at} bytes of boxes, measured ${sizeBytes}`,
      });
    }
    return bytes;
  }

  static toBytes(write: (w: BoxWriter) => void): Uint8Array {
    return BoxWriter.fill(BoxWriter.measure(write), write);
  }

  /** A box around what `body` writes (ISO/IEC 14496-12 §4.2), with a 32-bit size. */
  box(type: string, body: () => void): void {
    const start = this.at;
    this.at += 4;
    this.fourcc(type);
    body();
    const sizeBytes = this.at - start;
    if (sizeBytes > MAX_U32) {
      throw new ExportError('InternalError', {
        message: `${type} box of ${sizeBytes} bytes needs a 64-bit size`,
      });
    }
    this.view?.setUint32(start, sizeBytes);
  }

  fullBox(type: string, version: number, flags: number, body: () => void): void {
    this.box(type, () => {
      this.u32(version * 16_777_216 + flags);
      body();
    });
  }

  u8(value: number): void {
    this.view?.setUint8(this.at, value);
    this.at += 1;
  }

  u16(value: number): void {
    this.view?.setUint16(this.at, value);
    this.at += 2;
  }

  /** Signed values are written in two's complement. */
  u32(value: number): void {
    this.view?.setUint32(this.at, value);
    this.at += 4;
  }

  u64(value: number): void {
    this.view?.setUint32(this.at, Math.floor(value / TWO_32));
    this.view?.setUint32(this.at + 4, value % TWO_32);
    this.at += 8;
  }

  i64(value: number): void {
    this.view?.setBigInt64(this.at, BigInt(value));
    this.at += 8;
  }

  /** 64 bits in version 1 of a box, else 32. */
  sized(version: number, value: number): void {
    if (version === 1) {
      this.u64(value);
    } else {
      this.u32(value);
    }
  }

  fourcc(type: string): void {
    for (let i = 0; i < 4; i++) {
      this.u8(type.charCodeAt(i));
    }
  }

  raw(bytes: Uint8Array): void {
    if (this.view !== undefined) {
      this.bytes.set(bytes, this.at);
    }
    this.at += bytes.byteLength;
  }

  zeros(length: number): void {
    this.at += length;
  }

  /** A table that is at hand, or one that was counted: its place is left open, to be filled when it is written again. */
  words(table: Words): void {
    if (table instanceof Uint32Array) {
      this.u32s(table);
      return;
    }
    const bytes = 4 * table.length;
    if (this.view !== undefined) {
      table.open(this.bytes, this.at);
    }
    this.at += bytes;
  }

  u32s(values: Uint32Array): void {
    const view = this.view;
    if (view !== undefined) {
      let at = this.at;
      for (let i = 0; i < values.length; i++, at += 4) {
        view.setUint32(at, values[i] ?? 0);
      }
    }
    this.at += values.length * 4;
  }
}
