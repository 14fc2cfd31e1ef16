import type { Ticks, TrackKind, WallTime } from '@clipmesh/media';
import type { SegmentEntry } from '../index/segment-entry';
import type { OpenedTrack, TrackSlice } from './track-slice';

/** What a plan takes of one object. */
export interface Piece {
  readonly segment: SegmentEntry;
  /** At most one of a kind, video first. */
  readonly slices: readonly TrackSlice[];
  /** The tracks as far as they were read because the piece is cut; `undefined` when the object is taken whole. */
  readonly opened?: readonly OpenedTrack[];
  /** Parameter sets that go in before every sync sample of the object's video. */
  readonly syncPrefix?: Uint8Array;
  /** Pictures that lead the first sync sample are left out: what they refer to is not in the file. */
  readonly entersOpenGop?: true;
  /** First instant that is to be shown, in ticks of the first slice's track from the media origin. */
  readonly shownFrom: Ticks;
  /** Where the cuts fall in wall time when they are not where the range was asked to start or end. */
  readonly movedStartMs?: WallTime;
  readonly movedEndMs?: WallTime;
}

export function sliceOfKind(piece: Piece, kind: TrackKind): TrackSlice | undefined {
  return piece.slices.find((slice) => slice.track.summary.kind === kind);
}
