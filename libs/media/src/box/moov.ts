import { corruptBox } from '../bytes/box-error';
import type { ByteReader } from '../bytes/byte-reader';
import { childBoxes, required } from './box';
import { readMvhd, type Mvhd } from './mvhd';
import { readTrak, type Trak } from './trak';
import { readTrex, type Trex } from './trex';

/** Movie (ISO/IEC 14496-12 §8.2.1): everything about the tracks but the media. */
export interface Moov {
  readonly mvhd: Mvhd;
  readonly traks: readonly Trak[];
  /** By track id; empty when the movie is not fragmented. */
  readonly trexes: ReadonlyMap<number, Trex>;
}

// Objects are made of each, so a hostile file of empty traks is refused.
const MOST_TRACKS = 256;

export function readMoov(body: ByteReader): Moov {
  let mvhd: Mvhd | undefined;
  const traks: Trak[] = [];
  const trexes = new Map<number, Trex>();
  for (const box of childBoxes(body)) {
    if (box.type === 'mvhd') {
      mvhd = readMvhd(box.body);
    } else if (box.type === 'trak') {
      traks.push(readTrak(box.body));
    } else if (box.type === 'mvex') {
      readMvex(box.body, trexes);
    }
    if (Math.max(traks.length, trexes.size) > MOST_TRACKS) {
      throw corruptBox('moov', `has more than ${MOST_TRACKS} tracks`);
    }
  }
  return { mvhd: required(mvhd, 'moov', 'mvhd'), traks, trexes };
}

function readMvex(body: ByteReader, trexes: Map<number, Trex>): void {
  for (const box of childBoxes(body)) {
    if (box.type === 'trex' && trexes.size <= MOST_TRACKS) {
      const trex = readTrex(box.body);
      trexes.set(trex.trackId, trex);
    }
  }
}
