import { corruptBox } from '../bytes/box-error';
import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { readDuration, readTime, versionFor } from './duration';

/** Media header (ISO/IEC 14496-12 §8.4.2), once, in mdia. Times in seconds since 1904. */
export interface Mdhd {
  readonly creationTime: number;
  readonly modificationTime: number;
  /** Ticks per second of the track. */
  readonly timescale: number;
  readonly duration: number;
  /** ISO 639-2/T. */
  readonly language: string;
}

export function readMdhd(body: ByteReader): Mdhd {
  const wide = readFullBox(body, 1).version === 1;
  const creationTime = readTime(body, wide);
  const modificationTime = readTime(body, wide);
  const timescale = body.u32();
  const duration = readDuration(body, wide);
  const language = unpackLanguage(body.u16());
  body.skip(2);
  body.expectEnd();
  if (timescale === 0) {
    throw corruptBox('mdhd', 'has a timescale of 0');
  }
  return { creationTime, modificationTime, timescale, duration, language };
}

export function writeMdhd(w: BoxWriter, mdhd: Mdhd): void {
  const version = versionFor(mdhd.creationTime, mdhd.modificationTime, mdhd.duration);
  w.fullBox('mdhd', version, 0, () => {
    w.sized(version, mdhd.creationTime);
    w.sized(version, mdhd.modificationTime);
    w.u32(mdhd.timescale);
    w.sized(version, mdhd.duration);
    w.u16(packLanguage(mdhd.language));
    w.u16(0);
  });
}

/** Three letters of 5 bits, each less 0x60; QuickTime's numbers and anything else read as `und`. */
function unpackLanguage(packed: number): string {
  const letters = [10, 5, 0].map((shift) => String.fromCharCode(((packed >> shift) & 31) + 0x60)).join('');
  return /^[a-z]{3}$/.test(letters) ? letters : 'und';
}

function packLanguage(language: string): number {
  const letters = /^[a-z]{3}$/.test(language) ? language : 'und';
  return [0, 1, 2].reduce((packed, i) => packed * 32 + letters.charCodeAt(i) - 0x60, 0);
}
