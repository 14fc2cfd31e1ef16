import { corruptBox } from '../bytes/box-error';
import type { ByteReader } from '../bytes/byte-reader';

const PROFILE_SPACES = ['', 'A', 'B', 'C'];

/**
 * HEVC configuration (ISO/IEC 14496-15 §8.3.3.1) as its annex E.3 writes it, `1.6.L93.B0`: profile, compatibility
 * flags with their bits reversed, tier and level, constraint bytes without trailing zeros.
 */
export function readHevcCodecSuffix(body: ByteReader): string {
  const version = body.u8();
  if (version > 1) {
    throw corruptBox('hvcC', `has configuration version ${version}, known is 1`);
  }
  const profile = body.u8();
  const compatibility = reverseBits(body.u32());
  const constraints = [...body.slice(6)];
  const level = body.u8();
  while (constraints.at(-1) === 0) {
    constraints.pop();
  }
  return [
    `${PROFILE_SPACES[profile >> 6] ?? ''}${profile & 31}`,
    compatibility.toString(16).toUpperCase(),
    `${profile & 32 ? 'H' : 'L'}${level}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ].join('.');
}

function reverseBits(word: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) {
    reversed = reversed * 2 + ((word >>> bit) & 1);
  }
  return reversed;
}
