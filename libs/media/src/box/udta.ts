import type { BoxWriter } from '../bytes/box-writer';

const UTF8_TEXT = 1;

/** User data (ISO/IEC 14496-12 §8.10.1), in moov: a title as `meta`/`ilst`/`©nam`, where players look for it. */
export function writeTitle(w: BoxWriter, title: string): void {
  w.box('udta', () => {
    w.fullBox('meta', 0, 0, () => {
      w.fullBox('hdlr', 0, 0, () => {
        w.zeros(4);
        w.fourcc('mdir');
        w.fourcc('appl');
        w.zeros(9);
      });
      w.box('ilst', () => {
        w.box('\u00a9nam', () => {
          w.fullBox('data', 0, UTF8_TEXT, () => {
            w.u32(0); // locale
            w.raw(new TextEncoder().encode(title));
          });
        });
      });
    });
  });
}
