import type { BoxWriter } from '../bytes/box-writer';

/** Video media header (ISO/IEC 14496-12 §12.1.2), in minf of a video track: copy mode, no colour. */
export function writeVmhd(w: BoxWriter): void {
  w.fullBox('vmhd', 0, 1, () => {
    w.zeros(8);
  });
}
