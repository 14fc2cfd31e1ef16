import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';

/** An entry count and as many entries of 32-bit words, to the end of the box. */
export function readWords(body: ByteReader, wordsPerEntry: number): Uint32Array {
  const count = body.u32();
  body.expectRoomFor(count, wordsPerEntry * 4);
  const words = body.u32s(count * wordsPerEntry);
  body.expectEnd();
  return words;
}

export function writeWords(w: BoxWriter, blocks: Iterable<Uint32Array>, wordsPerEntry: number): void {
  const all = [...blocks];
  w.u32(all.reduce((sum, block) => sum + block.length, 0) / wordsPerEntry);
  all.forEach((block) => {
    w.u32s(block);
  });
}
