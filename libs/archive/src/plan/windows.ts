import { decodeTrackIndex, type TimeRange } from '@clipmesh/media';
import type { PlanWindow } from './movie-plan';
import type { Piece } from './piece';
import type { LaidPiece, Timeline } from './timeline';
import { openTrack } from './track-slice';
import { tickAtOrAfter } from './wall-ticks';

/**
 * Where one asked range lies on the output timeline: from its first frame at or behind `startMs` to `endMs`, or as far as
 * there are frames. `undefined` when it has none.
 */
export function windowOf(
  number: number,
  range: TimeRange,
  laid: readonly LaidPiece[],
  timeline: Timeline,
): PlanWindow | undefined {
  const from = firstDefined(laid, (one) => {
    const time = firstShown(one.piece, range);
    return time === undefined ? undefined : timeline.mediaTimeOf(one, time);
  });
  const to = firstDefined([...laid].reverse(), (one) => {
    const time = endShown(one.piece, range);
    return time === undefined ? undefined : timeline.mediaTimeOf(one, time);
  });
  return from === undefined || to === undefined || from >= to ? undefined : { range: number, from, to };
}

function firstDefined<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Media time of the first frame at or behind the range's start. */
function firstShown(piece: Piece, range: TimeRange): number | undefined {
  const [slice] = piece.slices;
  if (slice === undefined) {
    return undefined;
  }
  const { kind, timescale } = slice.track.summary;
  const start = tickAtOrAfter(range.startMs, piece.segment.startMs, timescale);
  if (start <= slice.presentationStart) {
    return slice.presentationStart;
  }
  if (start >= slice.presentationEnd) {
    return undefined;
  }
  if (kind === 'audio') {
    return start;
  }
  const { presentation } = piece.opened?.[0] ?? openTrack(slice.track, decodeTrackIndex(slice.track.bytes));
  const first = presentation
    .subarray(slice.firstSample, slice.firstSample + slice.sampleCount)
    .reduce((earliest, time) => (time >= start && time < earliest ? time : earliest), Infinity);
  return first === Infinity ? undefined : first;
}

/** Media time of the range's end in the piece, or of the piece's own. */
function endShown(piece: Piece, range: TimeRange): number | undefined {
  const [slice] = piece.slices;
  if (slice === undefined) {
    return undefined;
  }
  const end = tickAtOrAfter(range.endMs, piece.segment.startMs, slice.track.summary.timescale);
  return end <= slice.presentationStart ? undefined : Math.min(end, slice.presentationEnd);
}
