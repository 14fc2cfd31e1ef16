import { decodeTrackIndex, ticks } from '@clipmesh/media';
import type { SegmentEntry } from '../index/segment-entry';
import { openTracks, pieceOf } from './cut-piece';
import { leadingSamples } from './leading-samples';
import type { Piece } from './piece';
import { openTrack, sliceOf, type OpenedTrack } from './track-slice';
import { wallOfTick } from './wall-ticks';

/** Segments that are announced to follow each other so closely do: starts are whole milliseconds. */
const ROUNDING_MS = 2;

/**
 * A piece without the pictures that lead its first sync sample: for a piece whose predecessor in the recording does not
 * stand before it in the file, so that they could not be decoded.
 */
export function withoutLeading(piece: Piece): Piece {
  const [slice, ...others] = piece.slices;
  if (slice?.track.summary.kind !== 'video') {
    return piece;
  }
  const opened = piece.opened?.[0] ?? openTrack(slice.track, decodeTrackIndex(slice.track.bytes));
  const end = slice.firstSample + slice.sampleCount;
  const leading = leadingSamples(opened.presentation, slice.firstSample, end);
  if (leading === 0) {
    return piece;
  }
  const kept = sliceOf(opened, slice.firstSample, end, leading);
  return {
    ...piece,
    slices: [kept, ...others],
    entersOpenGop: true,
    shownFrom: ticks(Math.max(piece.shownFrom, kept.presentationStart)),
  };
}

/**
 * The last GOP of the segment before a piece, for the pictures of the piece that refer to it: hidden at the very start of
 * a movie, elsewhere shown, and told. `undefined` when the recording does not run on from there.
 */
export function leadInOf(before: SegmentEntry, piece: Piece, isHidden: boolean): Piece | undefined {
  const opened = openTracks(before);
  const [main] = opened;
  const [follows] = piece.slices;
  if (main?.index.kind !== 'video' || follows === undefined || !runsOn(before, main, piece.segment)) {
    return undefined;
  }
  const from = main.index.samples.syncs.lastIndexOf(1);
  const leadIn = withoutLeading({
    ...pieceOf(before, opened, sliceOf(main, Math.max(0, from), main.index.samples.count)),
    shownFrom: ticks(0),
  });
  const [slice] = leadIn.slices;
  if (slice === undefined) {
    return undefined;
  }
  const { timescale } = main.index;
  const behind = (piece.shownFrom - follows.presentationStart) / follows.track.summary.timescale;
  const startMs = wallOfTick(slice.presentationStart, before.startMs, timescale, 'floor');
  return isHidden
    ? { ...leadIn, shownFrom: ticks(slice.presentationEnd + Math.round(behind * timescale)) }
    : { ...leadIn, shownFrom: slice.presentationStart, movedStartMs: startMs };
}

/** Whether a segment's pictures are announced to follow those of the other without a break. */
function runsOn(before: SegmentEntry, main: OpenedTrack, segment: SegmentEntry): boolean {
  const { summary } = main.track;
  const endMs = before.startMs + (summary.presentationEnd * 1000) / summary.timescale;
  return Math.abs(segment.startMs - endMs) <= ROUNDING_MS;
}
