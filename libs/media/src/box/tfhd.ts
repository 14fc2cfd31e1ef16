import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

const BASE_DATA_OFFSET = 0x01;
const DESCRIPTION_INDEX = 0x02;
const DURATION = 0x08;
const SIZE = 0x10;
const FLAGS = 0x20;
const DEFAULT_BASE_IS_MOOF = 0x020000;

/** Track fragment header (ISO/IEC 14496-12 §8.8.7), once, first in traf. */
export interface Tfhd {
  readonly trackId: number;
  /** In the object, for data offsets of this traf's truns. */
  readonly baseDataOffset?: number;
  readonly descriptionIndex?: number;
  readonly duration?: number;
  readonly size?: number;
  readonly flags?: number;
  readonly defaultBaseIsMoof: boolean;
}

export function readTfhd(body: ByteReader): Tfhd {
  const { flags } = readFullBox(body, 0);
  const tfhd = {
    trackId: body.u32(),
    defaultBaseIsMoof: (flags & DEFAULT_BASE_IS_MOOF) !== 0,
    ...(flags & BASE_DATA_OFFSET ? { baseDataOffset: body.u64() } : {}),
    ...(flags & DESCRIPTION_INDEX ? { descriptionIndex: body.u32() } : {}),
    ...(flags & DURATION ? { duration: body.u32() } : {}),
    ...(flags & SIZE ? { size: body.u32() } : {}),
    ...(flags & FLAGS ? { flags: body.u32() } : {}),
  };
  body.expectEnd();
  return tfhd;
}

export function writeTfhd(w: BoxWriter, tfhd: Tfhd): void {
  const fields = [
    [DESCRIPTION_INDEX, tfhd.descriptionIndex],
    [DURATION, tfhd.duration],
    [SIZE, tfhd.size],
    [FLAGS, tfhd.flags],
  ] as const;
  const present = fields.reduce((bits, [bit, value]) => (value === undefined ? bits : bits | bit), 0);
  const base = tfhd.baseDataOffset === undefined ? 0 : BASE_DATA_OFFSET;
  w.fullBox('tfhd', 0, present | base | (tfhd.defaultBaseIsMoof ? DEFAULT_BASE_IS_MOOF : 0), () => {
    w.u32(tfhd.trackId);
    if (tfhd.baseDataOffset !== undefined) {
      w.u64(tfhd.baseDataOffset);
    }
    for (const [, value] of fields) {
      if (value !== undefined) {
        w.u32(value);
      }
    }
  });
}
