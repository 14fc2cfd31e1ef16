import type { ByteReader } from '../bytes/byte-reader';
import { corruptBox } from '../bytes/box-error';

/** AV1 configuration (AV1 in ISO Base Media File Format §2.3): profile, level, tier and bit depth, `0.08M.10`. */
export function readAv1CodecSuffix(body: ByteReader): string {
  const marker = body.u8();
  if (marker !== 0x81) {
    throw corruptBox('av1C', `begins with ${marker}, marker and version 1 are 129`);
  }
  const profileAndLevel = body.u8();
  const flags = body.u8();
  const profile = profileAndLevel >> 5;
  const level = profileAndLevel & 31;
  const tier = flags & 0x80 ? 'H' : 'M';
  const isHighBitDepth = (flags & 0x40) !== 0;
  const isTwelveBit = profile === 2 && (flags & 0x20) !== 0;
  const bits = isHighBitDepth ? (isTwelveBit ? 12 : 10) : 8;
  return `${profile}.${twoDigits(level)}${tier}.${twoDigits(bits)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
