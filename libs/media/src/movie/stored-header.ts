import { corruptBox } from '../bytes/box-error';
import { ByteReader } from '../bytes/byte-reader';

/** Reads bytes of a stored file: as many as asked for, fewer only at its end. */
export type ReadStored = (offset: number, length: number) => Promise<Uint8Array>;

/** A box where it stands in the file. */
export interface StoredBox {
  readonly type: string;
  /** Of the body's first byte. */
  readonly bodyOffset: number;
  /** Of the byte behind the box. */
  readonly end: number;
}

/** A short header is fetched at once; of a day's, so much is read ahead where a small box is asked for. */
const READ_AHEAD_BYTES = 256 * 1024;
const MOST_BODY_BYTES = 1024 * 1024;
const WIDE_HEADER_BYTES = 16;

/** The first bytes of a stored file, up to its media, box by box: never the whole of it in memory. */
export class StoredHeader {
  private window: Uint8Array = new Uint8Array();
  private windowOffset = 0;

  constructor(
    private readonly read: ReadStored,
    readonly sizeBytes: number,
  ) {}

  /** A view that is valid whatever is read later. */
  async bytes(offset: number, length: number): Promise<Uint8Array> {
    if (offset < this.windowOffset || offset + length > this.windowOffset + this.window.length) {
      const ahead = Math.min(Math.max(length, READ_AHEAD_BYTES), this.sizeBytes - offset);
      this.window = ahead < length ? new Uint8Array() : await this.read(offset, ahead);
      this.windowOffset = offset;
      if (this.window.length < length) {
        throw corruptBox('moov', `ends before byte ${offset + length} of the file`);
      }
    }
    return this.window.subarray(offset - this.windowOffset, offset - this.windowOffset + length);
  }

  /** The box that begins at `offset`; only at the top level may it end behind the header, as mdat does. */
  async boxAt(offset: number, limit: number): Promise<StoredBox> {
    const bytes = await this.bytes(offset, Math.min(WIDE_HEADER_BYTES, limit - offset));
    const head = new ByteReader(bytes, 'box');
    const size32 = head.u32();
    const type = head.fourcc();
    const sizeBytes = size32 === 1 ? head.u64() : size32;
    if (sizeBytes < head.position) {
      throw corruptBox(type, `claims ${sizeBytes} bytes`);
    }
    return { type, bodyOffset: offset + head.position, end: offset + sizeBytes };
  }

  async childrenOf(parent: StoredBox): Promise<readonly StoredBox[]> {
    const children: StoredBox[] = [];
    for (let at = parent.bodyOffset; at < parent.end;) {
      const child = await this.boxAt(at, parent.end);
      if (child.end > parent.end) {
        throw corruptBox(child.type, `goes ${child.end - parent.end} bytes beyond its ${parent.type} box`);
      }
      children.push(child);
      at = child.end;
    }
    return children;
  }

  /** Of a box that is no table. */
  async bodyOf({ type, bodyOffset, end }: StoredBox): Promise<ByteReader> {
    if (end - bodyOffset > MOST_BODY_BYTES) {
      throw corruptBox(type, `has ${end - bodyOffset} bytes`);
    }
    return new ByteReader(await this.bytes(bodyOffset, end - bodyOffset), type);
  }

  /** Bytes of a table, past the small window. */
  async tableBytes(offset: number, length: number): Promise<Uint8Array> {
    const isAtHand = offset >= this.windowOffset && offset + length <= this.windowOffset + this.window.length;
    const bytes = isAtHand ? await this.bytes(offset, length) : await this.read(offset, length);
    if (bytes.length < length) {
      throw corruptBox('moov', `ends before byte ${offset + length} of the file`);
    }
    return bytes;
  }
}
