import { ExportError } from '@clipmesh/errors';
import { corruptBox } from '../bytes/box-error';
import { ByteReader } from '../bytes/byte-reader';

export interface TopLevelHeader {
  readonly type: string;
  readonly offset: number;
  /** `Infinity` when the box reaches to the end of the object (size 0, ISO/IEC 14496-12 §4.2). */
  readonly sizeBytes: number;
  /** The header itself, 8 or 16 bytes. */
  readonly bytes: Uint8Array;
}

// What an MP4 or a fragment of one can begin with.
const FIRST_TYPES: ReadonlySet<string> = new Set([
  'ftyp',
  'styp',
  'moov',
  'moof',
  'mdat',
  'free',
  'skip',
  'wide',
  'sidx',
  'ssix',
  'prft',
  'emsg',
  'pdin',
  'uuid',
]);
const MOST_FTYP_BYTES = 4096;
// Only boxes without samples' descriptions may be left open: the end of a moov or moof must be known.
const OPEN_ENDED: ReadonlySet<string> = new Set(['mdat', 'free', 'skip', 'wide', 'uuid']);

/** Puts one box header together from pieces of any size. */
export class HeaderParser {
  private readonly bytes = new Uint8Array(16);
  private used = 0;

  get hasBytes(): boolean {
    return this.used > 0;
  }

  /** Takes what the header still needs from the front of `chunk` and says how many bytes that was. */
  push(chunk: Uint8Array): number {
    const taken = Math.min(chunk.length, this.wanted - this.used);
    this.bytes.set(chunk.subarray(0, taken), this.used);
    this.used += taken;
    return taken;
  }

  /** The header once it is whole, `end` being the position in the object behind its last byte. */
  take(end: number, isFirst: boolean): TopLevelHeader | undefined {
    if (isFirst && this.used >= 8) {
      refuseUnlikelyFirst(this.bytes);
    }
    if (this.used < this.wanted) {
      return undefined;
    }
    const bytes = this.bytes.slice(0, this.used);
    this.used = 0;
    const header = parse(bytes, end - bytes.length);
    if (isFirst && (header.type === 'ftyp' || header.type === 'styp')) {
      refuseUnlikelyFtyp(header);
    }
    return header;
  }

  private get wanted(): 8 | 16 {
    const hasWideSize =
      this.used >= 8 &&
      this.bytes[0] === 0 &&
      this.bytes[1] === 0 &&
      this.bytes[2] === 0 &&
      this.bytes[3] === 1;
    return hasWideSize ? 16 : 8;
  }
}

function parse(bytes: Uint8Array, offset: number): TopLevelHeader {
  const reader = new ByteReader(bytes, 'top-level');
  const size32 = reader.u32();
  const type = reader.fourcc();
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) {
    throw corruptBox('top-level', `header at byte ${offset} has no readable type`, { offset });
  }
  if (size32 === 0) {
    if (!OPEN_ENDED.has(type)) {
      throw corruptBox(type, `at byte ${offset} has no size`, { offset });
    }
    return { type, offset, sizeBytes: Infinity, bytes };
  }
  const sizeBytes = size32 === 1 ? reader.u64() : size32;
  if (sizeBytes < bytes.length || !Number.isSafeInteger(offset + sizeBytes)) {
    throw corruptBox(type, `at byte ${offset} claims ${sizeBytes} bytes`, { offset });
  }
  return { type, offset, sizeBytes, bytes };
}

function refuseUnlikelyFirst(bytes: Uint8Array): void {
  const type = String.fromCharCode(...bytes.subarray(4, 8));
  if (!FIRST_TYPES.has(type)) {
    throw new ExportError('SegmentNotMp4', {
      message: 'the object does not begin like an MP4: its first box is of no known type',
      details: { firstBytes: Buffer.from(bytes.subarray(0, 8)).toString('hex') },
    });
  }
}

function refuseUnlikelyFtyp(header: TopLevelHeader): void {
  if (header.sizeBytes < 16 || header.sizeBytes > MOST_FTYP_BYTES) {
    throw new ExportError('SegmentNotMp4', {
      message: `the object does not begin like an MP4: its ${header.type} box claims ${header.sizeBytes} bytes`,
      details: { box: header.type, sizeBytes: header.sizeBytes },
    });
  }
}
