import type { EdgePolicy } from './movie-plan';
import { cutPiece, wholePiece } from './cut-piece';
import type { Piece } from './piece';
import type { Stretch } from './stretches';

/** What a stretch takes of its segments, in order of time. Empty when nothing of it is recorded. */
export function pickPieces(stretch: Stretch, edges: EdgePolicy): Piece[] {
  const pieces: Piece[] = [];
  let isPassedOver = false;
  for (const segment of stretch.segments.slice(firstNeeded(stretch))) {
    const cutsHead = pieces.length === 0 && segment.startMs < stretch.startMs;
    const cutsTail = segment.endMs > stretch.endMs;
    const piece =
      cutsHead || cutsTail
        ? cutPiece(segment, {
            edges,
            hidesHead: stretch.isFirst,
            hidesTail: stretch.isLast,
            ...(cutsHead ? { startMs: stretch.startMs } : {}),
            ...(cutsTail ? { endMs: stretch.endMs } : {}),
          })
        : wholePiece(segment);
    if (piece !== undefined) {
      pieces.push(isPassedOver ? { ...piece, movedStartMs: piece.movedStartMs ?? segment.startMs } : piece);
    }
    // A head without a sync sample behind the start: then the next segment's first is the one.
    isPassedOver = piece === undefined && cutsHead && edges === 'keyframe-after';
  }
  return pieces;
}

/** Of segments that overlap, the later one has the start: so that no time is shown twice. */
function firstNeeded(stretch: Stretch): number {
  const behind = stretch.segments.findIndex((segment) => segment.startMs > stretch.startMs);
  return Math.max(0, (behind < 0 ? stretch.segments.length : behind) - 1);
}
