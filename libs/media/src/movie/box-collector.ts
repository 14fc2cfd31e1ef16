import { ExportError } from '@clipmesh/errors';
import { corruptBox } from '../bytes/box-error';
import { HeaderParser, type TopLevelHeader } from './top-level-header';

/** A box of an object's top level, where it lies, and its bytes when they are small and tell of samples. */
export interface TopLevelBox {
  readonly type: string;
  readonly offset: number;
  /** Header included. */
  readonly sizeBytes: number;
  /** The whole box, header included; only for `ftyp`, `styp`, `moov` and `moof`. */
  readonly bytes?: Uint8Array;
}

export interface BoxCollectorOptions {
  /** Most bytes of kept boxes together. */
  readonly maxKeptBytes?: number;
  /**
   * Told of each box as soon as it is known: of a kept box when its last byte is in, of any other when its
   * header is in; so of a `moof` before a byte of its `mdat` has passed. A box of size 0 is told with
   * `sizeBytes` of `Infinity`, since its end is not known yet.
   */
  readonly onBox?: (box: TopLevelBox) => void;
}

const KEPT: ReadonlySet<string> = new Set(['ftyp', 'styp', 'moov', 'moof']);
const DEFAULT_MAX_KEPT_BYTES = 64 * 1024 * 1024;
/** An hour of 60 pictures and 50 samples of sound a second, each a fragment of its own, is 800,000. */
const MOST_BOXES = 1024 * 1024;

/**
 * Takes an MP4's bytes as they stream past, in pieces of any size, and keeps what tells of its samples.
 * What is no MP4 is refused with its first bytes.
 */
export class BoxCollector {
  private readonly boxes: TopLevelBox[] = [];
  private readonly maxKeptBytes: number;
  private readonly onBox: (box: TopLevelBox) => void;
  private readonly header = new HeaderParser();
  private current: TopLevelHeader | undefined;
  private kept: Uint8Array[] = [];
  private keptBytes = 0;
  private position = 0;

  constructor(options: BoxCollectorOptions = {}) {
    this.maxKeptBytes = options.maxKeptBytes ?? DEFAULT_MAX_KEPT_BYTES;
    this.onBox = options.onBox ?? (() => undefined);
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      const taken = this.current === undefined ? this.takeHeader(rest) : this.takeBody(this.current, rest);
      this.position += taken;
      rest = rest.subarray(taken);
      this.endBoxThatIsFull();
    }
  }

  /** The boxes, once all bytes have been pushed. Refuses an object that ends inside a box. */
  finish(): TopLevelBox[] {
    if (this.position === 0) {
      throw new ExportError('SegmentNotMp4', { message: 'the object is empty' });
    }
    if (this.current === undefined) {
      if (this.header.hasBytes) {
        throw truncated('the object ends inside a box header', { sizeBytes: this.position });
      }
      return this.boxes;
    }
    const { type, offset, sizeBytes } = this.current;
    if (sizeBytes !== Infinity) {
      throw truncated(`${type} box ends ${offset + sizeBytes - this.position} bytes early`, {
        box: type,
        offset,
      });
    }
    this.boxes.push({ type, offset, sizeBytes: this.position - offset });
    this.current = undefined;
    return this.boxes;
  }

  private takeHeader(bytes: Uint8Array): number {
    const taken = this.header.push(bytes);
    const header = this.header.take(this.position + taken, this.boxes.length === 0);
    if (header !== undefined) {
      this.begin(header);
    }
    return taken;
  }

  private begin(header: TopLevelHeader): void {
    this.current = header;
    const { type, offset, sizeBytes } = header;
    if (this.boxes.length >= MOST_BOXES) {
      throw corruptBox(type, `at byte ${offset} is one of more than ${MOST_BOXES}`, { offset });
    }
    if (!KEPT.has(type)) {
      this.onBox({ type, offset, sizeBytes });
      return;
    }
    this.keptBytes += sizeBytes;
    if (this.keptBytes > this.maxKeptBytes) {
      throw corruptBox(
        type,
        `claims ${sizeBytes} bytes; at most ${this.maxKeptBytes} of such boxes are taken`,
        {
          offset,
        },
      );
    }
    this.kept = [header.bytes];
  }

  private takeBody(header: TopLevelHeader, bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, header.offset + header.sizeBytes - this.position);
    if (KEPT.has(header.type)) {
      // A copy: the pushed chunk is the caller's to use again.
      this.kept.push(bytes.slice(0, taken));
    }
    return taken;
  }

  private endBoxThatIsFull(): void {
    const header = this.current;
    if (header === undefined || this.position < header.offset + header.sizeBytes) {
      return;
    }
    this.current = undefined;
    const { type, offset, sizeBytes } = header;
    if (!KEPT.has(type)) {
      this.boxes.push({ type, offset, sizeBytes });
      return;
    }
    const box = { type, offset, sizeBytes, bytes: join(this.kept, sizeBytes) };
    this.kept = [];
    this.boxes.push(box);
    this.onBox(box);
  }
}

function join(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const joined = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function truncated(message: string, details: Readonly<Record<string, unknown>>): ExportError {
  return new ExportError('SegmentTruncated', { message, details });
}
