import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

/** Chunk offsets of 64 bits (ISO/IEC 14496-12 §8.7.5), once (or stco), in stbl; counted from the file's first byte. */
export function readCo64(body: ByteReader): Float64Array {
  readFullBox(body, 0);
  const offsets = body.u64s(body.u32());
  body.expectEnd();
  return offsets;
}

/** Offsets in blocks, each to be moved by `base`. */
export function writeCo64(w: BoxWriter, count: number, offsets: Iterable<Float64Array>, base: number): void {
  w.fullBox('co64', 0, 0, () => {
    w.u32(count);
    for (const block of offsets) {
      for (const offset of block) {
        w.u64(base + offset);
      }
    }
  });
}
