import type { BoxWriter, Words } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { readWords, writeWords } from './words';

/**
 * Sync samples (ISO/IEC 14496-12 §8.6.2), at most once, in stbl: their numbers from 1, ascending.
 * Without the box every sample is one.
 */
export function readStss(body: ByteReader): Uint32Array {
  readFullBox(body, 0);
  return readWords(body, 1);
}

export function writeStss(w: BoxWriter, numbers: Words): void {
  w.fullBox('stss', 0, 0, () => {
    writeWords(w, numbers, 1);
  });
}
