import type { BoxWriter, Words } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { readWords, writeWords } from './words';

/**
 * Decoding times (ISO/IEC 14496-12 §8.6.1.2), once, in stbl: pairs of how many samples and how long each lasts.
 */
export function readStts(body: ByteReader): Uint32Array {
  readFullBox(body, 0);
  return readWords(body, 2);
}

export function writeStts(w: BoxWriter, pairs: Words): void {
  w.fullBox('stts', 0, 0, () => {
    writeWords(w, pairs, 2);
  });
}
