import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

/** What holds for the samples of a track's fragments unless they say otherwise. */
export interface SampleDefaults {
  readonly descriptionIndex: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** Track extends (ISO/IEC 14496-12 §8.8.3), once per track, in mvex. */
export interface Trex extends SampleDefaults {
  readonly trackId: number;
}

export function readTrex(body: ByteReader): Trex {
  readFullBox(body, 0);
  const trackId = body.u32();
  const descriptionIndex = body.u32();
  const duration = body.u32();
  const size = body.u32();
  const flags = body.u32();
  body.expectEnd();
  return { trackId, descriptionIndex, duration, size, flags };
}

export function writeTrex(w: BoxWriter, trex: Trex): void {
  w.fullBox('trex', 0, 0, () => {
    [trex.trackId, trex.descriptionIndex, trex.duration, trex.size, trex.flags].forEach((value) => {
      w.u32(value);
    });
  });
}
