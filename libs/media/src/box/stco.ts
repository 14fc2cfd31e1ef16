import type { BoxWriter, Words } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { readWords, writeWords } from './words';

/** Chunk offsets of 32 bits (ISO/IEC 14496-12 §8.7.5), once (or co64), in stbl; counted from the file's first byte. */
export function readStco(body: ByteReader): Float64Array {
  readFullBox(body, 0);
  return Float64Array.from(readWords(body, 1));
}

export function writeStco(w: BoxWriter, offsets: Words): void {
  w.fullBox('stco', 0, 0, () => {
    writeWords(w, offsets, 1);
  });
}
