import { corruptBox } from '../bytes/box-error';
import { ByteReader } from '../bytes/byte-reader';

/** One box inside another: its type and the reader of its body. */
export interface Box {
  readonly type: string;
  /** Offset of the box, header included, from the start of the enclosing body. */
  readonly offset: number;
  /** Header included. */
  readonly sizeBytes: number;
  readonly body: ByteReader;
}

/** Visits the boxes of a container one after another (ISO/IEC 14496-12 §4.2), without keeping them. */
export function* childBoxes(container: ByteReader): Generator<Box> {
  while (container.remaining > 0) {
    yield readChild(container);
  }
}

function readChild(container: ByteReader): Box {
  const offset = container.position;
  const available = container.remaining;
  if (available < 8) {
    throw corruptBox(container.box, `ends with ${available} bytes that are no box`);
  }
  const size32 = container.u32();
  const type = container.fourcc();
  // Size 0 ("to the end of the file") has a meaning only at the top level.
  const sizeBytes = size32 === 1 ? container.u64() : size32;
  const headerBytes = container.position - offset;
  if (sizeBytes < headerBytes || sizeBytes > available) {
    throw corruptBox(type, `claims ${sizeBytes} bytes of the ${available} left in its ${container.box} box`);
  }
  return { type, offset, sizeBytes, body: new ByteReader(container.slice(sizeBytes - headerBytes), type) };
}

/** The body of a whole box given with its header. */
export function openBox(bytes: Uint8Array, type: string): ByteReader {
  const outer = new ByteReader(bytes, type);
  const box = readChild(outer);
  if (box.type !== type) {
    throw corruptBox(type, `expected, found ${box.type}`);
  }
  outer.expectEnd();
  return box.body;
}

export interface FullBoxHeader {
  readonly version: number;
  readonly flags: number;
}

/** Version and flags of a full box; refuses versions that the standard does not know. */
export function readFullBox(body: ByteReader, newestVersion: number): FullBoxHeader {
  const version = body.u8();
  if (version > newestVersion) {
    throw corruptBox(body.box, `has version ${version}, known are those up to ${newestVersion}`);
  }
  return { version, flags: body.u24() };
}

/** A box that its container cannot do without. */
export function required<T>(value: T | undefined, container: string, box: string): T {
  if (value === undefined) {
    throw corruptBox(container, `has no ${box} box`);
  }
  return value;
}
