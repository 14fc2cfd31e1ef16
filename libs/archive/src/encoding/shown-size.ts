import type { TrackDescription } from '@clipmesh/media';
import { boxesOf } from '../plan/sample-entry-identity';

/** Offset of `hSpacing` and `vSpacing` in a `pasp` box (ISO/IEC 14496-12 §12.1.4). */
const SPACING = 8;

/** Width and height of a track's pictures as a player shows them: with square pixels, and turned as the matrix says. */
export function shownSize(track: TrackDescription): { readonly width: number; readonly height: number } {
  const pasp = boxesOf(track).find((box) => box.toString('latin1', 4, 8) === 'pasp');
  const [across, down] =
    pasp === undefined || pasp.length < SPACING + 8
      ? [1, 1]
      : [pasp.readUInt32BE(SPACING), pasp.readUInt32BE(SPACING + 4)];
  const aspect = across > 0 && down > 0 ? across / down : 1;
  const [width, height] = [Math.round(track.width * aspect), track.height];
  // Rows of the matrix: a turn by a quarter has nothing on its diagonal.
  return track.matrix[0] === 0 && track.matrix[4] === 0
    ? { width: height, height: width }
    : { width, height };
}
