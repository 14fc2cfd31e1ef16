import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

/** VP8 and VP9 configuration (VP Codec ISO Media File Format Binding): profile, level and bit depth, `00.31.08`. */
export function readVpCodecSuffix(body: ByteReader): string {
  readFullBox(body, 1);
  const profile = body.u8();
  const level = body.u8();
  const bits = body.u8() >> 4;
  return [profile, level, bits].map((value) => String(value).padStart(2, '0')).join('.');
}
