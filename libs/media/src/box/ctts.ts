import type { BoxWriter, Words } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { readWords, writeWords } from './words';

/**
 * Composition offsets (ISO/IEC 14496-12 §8.6.1.3), at most once, in stbl: pairs of how many samples and
 * their offset, as two's complement. Version 0 is unsigned by the letter; offsets of 2^31 and more are
 * negative ones there too, as QuickTime defined them and every player reads them.
 */
export function readCtts(body: ByteReader): Uint32Array {
  readFullBox(body, 1);
  return readWords(body, 2);
}

/** `signed` says that an offset is negative: then version 1. */
export function writeCtts(w: BoxWriter, pairs: Words, signed: boolean): void {
  w.fullBox('ctts', signed ? 1 : 0, 0, () => {
    writeWords(w, pairs, 2);
  });
}
