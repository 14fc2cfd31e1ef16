import type { ByteReader } from '../bytes/byte-reader';
import { childBoxes } from './box';
import { readTraf, type Traf } from './traf';

/** Movie fragment (ISO/IEC 14496-12 §8.8.4): its track fragments in file order, each read when it is asked for. */
export function* readMoof(body: ByteReader): Generator<Traf> {
  for (const box of childBoxes(body)) {
    if (box.type === 'traf') {
      yield readTraf(box.body);
    }
  }
}
