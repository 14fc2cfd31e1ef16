import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { corruptBox } from '../bytes/box-error';
import { readFullBox } from './box';
import { readDuration, readTime, versionFor } from './duration';
import { readMatrix, UNITY_MATRIX, writeMatrix } from './matrix';

/** Movie header (ISO/IEC 14496-12 §8.2.2), once, in moov. Times in seconds since 1904. */
export interface Mvhd {
  readonly creationTime: number;
  readonly modificationTime: number;
  /** Ticks per second of the durations in mvhd, tkhd and elst. */
  readonly timescale: number;
  readonly duration: number;
  readonly nextTrackId: number;
}

export function readMvhd(body: ByteReader): Mvhd {
  const { version } = readFullBox(body, 1);
  const wide = version === 1;
  const creationTime = readTime(body, wide);
  const modificationTime = readTime(body, wide);
  const timescale = body.u32();
  const duration = readDuration(body, wide);
  body.skip(16); // rate, volume, reserved
  readMatrix(body);
  body.skip(24); // pre_defined
  const nextTrackId = body.u32();
  body.expectEnd();
  if (timescale === 0) {
    throw corruptBox('mvhd', 'has a timescale of 0');
  }
  return { creationTime, modificationTime, timescale, duration, nextTrackId };
}

export function writeMvhd(w: BoxWriter, mvhd: Mvhd): void {
  const version = versionFor(mvhd.creationTime, mvhd.modificationTime, mvhd.duration);
  w.fullBox('mvhd', version, 0, () => {
    w.sized(version, mvhd.creationTime);
    w.sized(version, mvhd.modificationTime);
    w.u32(mvhd.timescale);
    w.sized(version, mvhd.duration);
    w.u32(0x10000); // rate 1.0
    w.u16(0x100); // volume 1.0
    w.zeros(10);
    writeMatrix(w, UNITY_MATRIX);
    w.zeros(24);
    w.u32(mvhd.nextTrackId);
  });
}
