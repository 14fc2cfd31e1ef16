import { wallTime, type WallTime } from '@clipmesh/media';
import type { SegmentEntry } from '../index/segment-entry';
import { cutPiece, wholePiece } from './cut-piece';
import type { CutPolicy } from './movie-plan';
import { leadInOf, withoutLeading } from './open-gop';
import type { Piece } from './piece';
import type { Stretch } from './stretches';

/** Announced starts are whole milliseconds. */
const ROUNDING_MS = 2;

/** What a stretch takes of its segments, in order of time. Empty when nothing of it is recorded. */
export function pickPieces(stretch: Stretch, edges: CutPolicy): Piece[] {
  const pieces: Piece[] = [];
  let isPassedOver = false;
  for (const segment of stretch.segments.slice(firstNeeded(stretch))) {
    const last = pieces.at(-1);
    const picked =
      last === undefined ? firstPieces(segment, stretch, edges) : nextPieces(segment, stretch, edges, last);
    // A head without a sync sample behind the start: then the next segment's first is the one.
    const first = picked[0];
    if (isPassedOver && first !== undefined) {
      picked[0] = { ...first, movedStartMs: first.movedStartMs ?? segment.startMs };
    }
    pieces.push(...picked);
    isPassedOver = pieces.length === 0 && edges === 'keyframe-after' && segment.startMs < stretch.startMs;
  }
  return pieces;
}

/** Of segments that overlap, the later one has the start: so that no time is shown twice. */
function firstNeeded(stretch: Stretch): number {
  const behind = stretch.segments.findIndex((segment) => segment.startMs > stretch.startMs);
  return Math.max(0, (behind < 0 ? stretch.segments.length : behind) - 1);
}

function takePiece(
  segment: SegmentEntry,
  stretch: Stretch,
  edges: CutPolicy,
  startMs?: WallTime,
): Piece | undefined {
  const cutsTail = segment.endMs > stretch.endMs;
  if (startMs === undefined && !cutsTail) {
    return wholePiece(segment);
  }
  return cutPiece(segment, {
    edges,
    hidesHead: stretch.isFirst,
    hidesTail: stretch.isLast,
    ...(startMs === undefined ? {} : { startMs }),
    ...(cutsTail ? { endMs: stretch.endMs } : {}),
  });
}

/**
 * The piece that a stretch begins with. When what it is to show first leads the segment's first sync sample, the last GOP
 * of the segment before comes first; where there is none, it begins with that sync sample.
 */
function firstPieces(segment: SegmentEntry, stretch: Stretch, edges: CutPolicy): Piece[] {
  const startMs = segment.startMs < stretch.startMs ? stretch.startMs : undefined;
  const piece = takePiece(segment, stretch, edges, startMs);
  if (piece === undefined) {
    return [];
  }
  const alone = withoutLeading(piece);
  if (alone.shownFrom > piece.shownFrom && edges !== 'keyframe-after') {
    const before = stretch.known.findLast((one) => one.startMs < segment.startMs);
    const isHidden = stretch.isFirst && edges === 'edit-list';
    const leadIn = before && leadInOf(before, piece, isHidden);
    if (leadIn !== undefined) {
      return [leadIn, piece];
    }
  }
  return showsAnything(alone, stretch) ? [alone] : [];
}

function showsAnything({ segment, slices, shownFrom }: Piece, { endMs }: Stretch): boolean {
  const timescale = slices[0]?.track.summary.timescale ?? 1;
  return segment.startMs + (shownFrom * 1000) / timescale < endMs;
}

function nextPieces(segment: SegmentEntry, stretch: Stretch, edges: CutPolicy, last: Piece): Piece[] {
  const piece = takePiece(segment, stretch, edges);
  if (piece === undefined) {
    return [];
  }
  return [runsOnFrom(last, segment) ? piece : withoutLeading(piece)];
}

/** Whether no picture is missing between a piece and the segment behind it, by its announced start. */
function runsOnFrom({ segment, slices }: Piece, next: SegmentEntry): boolean {
  const slice = slices[0];
  if (slice === undefined) {
    return false;
  }
  const perMs = slice.track.summary.timescale / 1000;
  const endMs = wallTime(segment.startMs + Math.round(slice.presentationEnd / perMs));
  return Math.abs(next.startMs - endMs) <= ROUNDING_MS + slice.lastDuration / perMs;
}
