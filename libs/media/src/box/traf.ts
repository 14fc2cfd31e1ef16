import type { ByteReader } from '../bytes/byte-reader';
import { childBoxes, required } from './box';
import { readTfdt } from './tfdt';
import { readTfhd, type Tfhd } from './tfhd';
import { readTrun, type Trun } from './trun';

/** Track fragment (ISO/IEC 14496-12 §8.8.6), in moof. */
export interface Traf {
  readonly tfhd: Tfhd;
  /** Without it the fragment follows the one before. */
  readonly decodeTime: bigint | undefined;
  /** In file order; each is read when it is asked for. */
  readonly truns: Iterable<Trun>;
}

/** Two passes, so that the order of boxes does not matter and no run is kept: headers first, then runs on demand. */
export function readTraf(body: ByteReader): Traf {
  let tfhd: Tfhd | undefined;
  let decodeTime: bigint | undefined;
  for (const box of childBoxes(body)) {
    if (box.type === 'tfhd') {
      tfhd = readTfhd(box.body);
    } else if (box.type === 'tfdt') {
      decodeTime = readTfdt(box.body);
    }
  }
  return { tfhd: required(tfhd, 'traf', 'tfhd'), decodeTime, truns: readTruns(body.reopen()) };
}

function* readTruns(body: ByteReader): Generator<Trun> {
  for (const box of childBoxes(body)) {
    if (box.type === 'trun') {
      yield readTrun(box.body);
    }
  }
}
