import { MAX_U32 } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { corruptBox } from '../bytes/box-error';

/** A time or a number of 32 or 64 bits, by the box's version. */
export function readTime(body: ByteReader, wide: boolean): number {
  return wide ? body.u64() : body.u32();
}

/** All ones means "not known" (§8.2.2.3) and reads as 0. */
export function readDuration(body: ByteReader, wide: boolean): number {
  if (!wide) {
    const duration = body.u32();
    return duration === MAX_U32 ? 0 : duration;
  }
  const duration = body.bigU64();
  if (duration === 0xffff_ffff_ffff_ffffn) {
    return 0;
  }
  if (duration > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw corruptBox(body.box, 'has a duration beyond 2^53');
  }
  return Number(duration);
}

/** Version 1 where one of the numbers passes 32 bits; all ones is kept free, it means "not known". */
export function versionFor(...values: readonly number[]): 0 | 1 {
  return values.some((value) => value >= MAX_U32) ? 1 : 0;
}
