import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

/**
 * Base media decode time (ISO/IEC 14496-12 §8.8.12), at most once, in traf before the first trun. A bigint,
 * because recorders that count from 1970 in 10 MHz ticks pass 2^53; only differences are used.
 */
export function readTfdt(body: ByteReader): bigint {
  const { version } = readFullBox(body, 1);
  const decodeTime = version === 1 ? body.bigU64() : BigInt(body.u32());
  body.expectEnd();
  return decodeTime;
}

export function writeTfdt(w: BoxWriter, decodeTime: bigint, version: 0 | 1 = 1): void {
  w.fullBox('tfdt', version, 0, () => {
    if (version === 1) {
      w.u32(Number(decodeTime >> 32n));
    }
    w.u32(Number(decodeTime & 0xffff_ffffn));
  });
}
