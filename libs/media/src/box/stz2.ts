import { corruptBox } from '../bytes/box-error';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import type { SampleSizes } from './stsz';

/** Compact sample sizes (ISO/IEC 14496-12 §8.7.3.3), instead of stsz: 4, 8 or 16 bits each. */
export function readStz2(body: ByteReader): SampleSizes {
  readFullBox(body, 0);
  body.skip(3);
  const fieldBits = body.u8();
  const count = body.u32();
  if (fieldBits !== 4 && fieldBits !== 8 && fieldBits !== 16) {
    throw corruptBox('stz2', `has fields of ${fieldBits} bits`);
  }
  body.expectRoomFor(Math.ceil((count * fieldBits) / 8), 1);
  const sizes = new Uint32Array(count);
  if (fieldBits === 4) {
    for (let i = 0; i < count; i += 2) {
      const pair = body.u8();
      sizes[i] = pair >> 4;
      sizes[i + 1] = pair & 15; // beyond the last one a typed array drops it
    }
  } else {
    for (let i = 0; i < count; i++) {
      sizes[i] = fieldBits === 8 ? body.u8() : body.u16();
    }
  }
  body.expectEnd();
  return { count, sizes };
}
