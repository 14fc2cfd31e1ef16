import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { readWords } from './words';

/** Chunk offsets of 32 bits (ISO/IEC 14496-12 §8.7.5), once (or co64), in stbl; counted from the file's first byte. */
export function readStco(body: ByteReader): Float64Array {
  readFullBox(body, 0);
  return Float64Array.from(readWords(body, 1));
}

/** Offsets in blocks, each to be moved by `base`. */
export function writeStco(w: BoxWriter, count: number, offsets: Iterable<Float64Array>, base: number): void {
  w.fullBox('stco', 0, 0, () => {
    w.u32(count);
    for (const block of offsets) {
      for (const offset of block) {
        w.u32(base + offset);
      }
    }
  });
}
