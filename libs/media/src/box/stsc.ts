import type { BoxWriter, Words } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { readWords, writeWords } from './words';

/**
 * Samples to chunks (ISO/IEC 14496-12 §8.7.4), once, in stbl: triples of the first chunk they hold for
 * (from 1), samples in each chunk, and number of the sample description (from 1).
 */
export function readStsc(body: ByteReader): Uint32Array {
  readFullBox(body, 0);
  return readWords(body, 3);
}

export function writeStsc(w: BoxWriter, triples: Words): void {
  w.fullBox('stsc', 0, 0, () => {
    writeWords(w, triples, 3);
  });
}
