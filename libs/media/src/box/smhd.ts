import type { BoxWriter } from '../bytes/box-writer';

/** Sound media header (ISO/IEC 14496-12 §12.2.2), in minf of an audio track: balance in the middle. */
export function writeSmhd(w: BoxWriter): void {
  w.fullBox('smhd', 0, 0, () => {
    w.zeros(4);
  });
}
