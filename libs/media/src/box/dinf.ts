import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { childBoxes, readFullBox } from './box';

const IN_THIS_FILE = 1;

/** Data information with its dref (ISO/IEC 14496-12 §8.7.1-2), in minf: one entry, the media is in this file. */
export function writeDinf(w: BoxWriter): void {
  w.box('dinf', () => {
    w.fullBox('dref', 0, 0, () => {
      w.u32(1);
      w.fullBox('url ', 0, IN_THIS_FILE, () => {
        /* no location */
      });
    });
  });
}

/** Whether the first data reference, the only one that is taken, is to this file. So it is when nothing is said. */
export function readIsSelfContained(body: ByteReader): boolean {
  for (const box of childBoxes(body)) {
    if (box.type === 'dref') {
      readFullBox(box.body, 0);
      box.body.skip(4); // entry_count
      for (const entry of childBoxes(box.body)) {
        return (readFullBox(entry.body, 255).flags & IN_THIS_FILE) !== 0;
      }
    }
  }
  return true;
}
