import type { BoxWriter, Words } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';

/** An entry count and as many entries of 32-bit words, to the end of the box. */
export function readWords(body: ByteReader, wordsPerEntry: number): Uint32Array {
  const count = body.u32();
  body.expectRoomFor(count, wordsPerEntry * 4);
  const words = body.u32s(count * wordsPerEntry);
  body.expectEnd();
  return words;
}

export function writeWords(w: BoxWriter, words: Words, wordsPerEntry: number): void {
  w.u32(words.length / wordsPerEntry);
  w.words(words);
}
