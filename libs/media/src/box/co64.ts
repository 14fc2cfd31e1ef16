import type { BoxWriter, Words } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { writeWords } from './words';

/** Chunk offsets of 64 bits (ISO/IEC 14496-12 §8.7.5), once (or stco), in stbl; counted from the file's first byte. */
export function readCo64(body: ByteReader): Float64Array {
  readFullBox(body, 0);
  const offsets = body.u64s(body.u32());
  body.expectEnd();
  return offsets;
}

/** Each offset as two words, the upper half first. */
export function writeCo64(w: BoxWriter, offsets: Words): void {
  w.fullBox('co64', 0, 0, () => {
    writeWords(w, offsets, 2);
  });
}
