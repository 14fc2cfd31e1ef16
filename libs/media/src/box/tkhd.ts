import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { readDuration, readTime, versionFor } from './duration';
import { readMatrix, writeMatrix } from './matrix';

/** Track header (ISO/IEC 14496-12 §8.3.2), once in each trak. Times in seconds since 1904. */
export interface Tkhd {
  readonly creationTime: number;
  readonly modificationTime: number;
  readonly trackId: number;
  /** In the movie's timescale: the sum of the track's edits. */
  readonly duration: number;
  /** 8.8 fixed point: 0x100 for sound, 0 for pictures. */
  readonly volume: number;
  readonly matrix: readonly number[];
  /** 16.16 fixed point. */
  readonly width: number;
  readonly height: number;
}

const ENABLED_IN_MOVIE = 3;

export function readTkhd(body: ByteReader): Tkhd {
  const wide = readFullBox(body, 1).version === 1;
  const creationTime = readTime(body, wide);
  const modificationTime = readTime(body, wide);
  const trackId = body.u32();
  body.skip(4);
  const duration = readDuration(body, wide);
  body.skip(12); // reserved, layer, alternate_group
  const volume = body.u16();
  body.skip(2);
  const matrix = readMatrix(body);
  const width = body.u32();
  const height = body.u32();
  body.expectEnd();
  return { creationTime, modificationTime, trackId, duration, volume, matrix, width, height };
}

export function writeTkhd(w: BoxWriter, tkhd: Tkhd): void {
  const version = versionFor(tkhd.creationTime, tkhd.modificationTime, tkhd.duration);
  w.fullBox('tkhd', version, ENABLED_IN_MOVIE, () => {
    w.sized(version, tkhd.creationTime);
    w.sized(version, tkhd.modificationTime);
    w.u32(tkhd.trackId);
    w.zeros(4);
    w.sized(version, tkhd.duration);
    w.zeros(12);
    w.u16(tkhd.volume);
    w.zeros(2);
    writeMatrix(w, tkhd.matrix);
    w.u32(tkhd.width);
    w.u32(tkhd.height);
  });
}
