import type { BoxWriter } from '../bytes/box-writer';

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
