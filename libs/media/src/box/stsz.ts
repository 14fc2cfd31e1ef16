import type { BoxWriter, Words } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { writeWords } from './words';

/** Sample sizes: one for all, or one for each. */
export type SampleSizes =
  | { readonly count: number; readonly constantSize: number }
  | { readonly count: number; readonly sizes: Uint32Array };

/** Sample sizes (ISO/IEC 14496-12 §8.7.3.2), once (or stz2), in stbl. */
export function readStsz(body: ByteReader): SampleSizes {
  readFullBox(body, 0);
  const constantSize = body.u32();
  const count = body.u32();
  if (constantSize !== 0) {
    body.expectEnd();
    return { count, constantSize };
  }
  const sizes = body.u32s(count);
  body.expectEnd();
  return { count, sizes };
}

/** Always one size for each sample. */
export function writeStsz(w: BoxWriter, sizes: Words): void {
  w.fullBox('stsz', 0, 0, () => {
    w.u32(0);
    writeWords(w, sizes, 1);
  });
}
