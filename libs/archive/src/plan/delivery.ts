import type { TimeRange } from '@clipmesh/media';
import { coverageOf, intersect, joinedSpans } from '../catalog/coverage';
import type { Gap, PlanWarning } from './movie-plan';
import type { Piece } from './piece';
import type { PlanRequest } from './plan-request';
import type { Stretch } from './stretches';

/** A stretch with what is taken for it. */
export interface PickedStretch {
  readonly stretch: Stretch;
  readonly pieces: readonly Piece[];
}

export interface Delivery {
  readonly delivered: readonly TimeRange[];
  readonly gaps: readonly Gap[];
  readonly warnings: readonly PlanWarning[];
}

/** Differences up to this are rounding of announced times, not worth a word. */
const ROUNDING_MS = 2;

/** What the asked ranges really get, in wall time. */
export function deliveryOf(request: PlanRequest, picked: readonly PickedStretch[]): Delivery {
  const delivered: TimeRange[] = [];
  const gaps: Gap[] = [];
  const warnings: PlanWarning[] = [];
  for (const { stretch, pieces } of picked) {
    delivered.push(...deliveredSpans(request, stretch, pieces));
    for (const number of stretch.ranges) {
      const range = request.ranges[number];
      if (range !== undefined) {
        const missing = coverageOf(stretch.segments, range, request.gapThresholdMs).gaps;
        gaps.push(...missing.map((gap): Gap => ({ ...gap, reason: 'not-recorded' })));
        warnings.push(...gapWarnings(`range ${number + 1}`, range, missing));
      }
    }
    warnings.push(...movedWarnings(stretch, pieces), ...openGopWarnings(pieces));
  }
  return { delivered, gaps, warnings };
}

function deliveredSpans(
  request: PlanRequest,
  stretch: Stretch,
  pieces: readonly Piece[],
): readonly TimeRange[] {
  const recorded = joinedSpans(
    pieces.map(({ segment }) => segment),
    request.gapThresholdMs,
  );
  return stretch.ranges.flatMap((number, i) => {
    const range = request.ranges[number];
    if (range === undefined) {
      return [];
    }
    const isLast = i === stretch.ranges.length - 1;
    const shown = {
      startMs: (i === 0 ? pieces[0]?.movedStartMs : undefined) ?? range.startMs,
      endMs: (isLast ? pieces.at(-1)?.movedEndMs : undefined) ?? range.endMs,
    };
    return recorded.map((span) => intersect(span, shown)).filter((span) => span !== undefined);
  });
}

function gapWarnings(name: string, range: TimeRange, gaps: readonly TimeRange[]): PlanWarning[] {
  const inside = gaps.filter((gap) => gap.startMs > range.startMs && gap.endMs < range.endMs);
  const atEdges = gaps.filter((gap) => !inside.includes(gap));
  const warnings: PlanWarning[] = [];
  if (atEdges.length > 0) {
    const of = seconds(range.endMs - range.startMs);
    const message = `${name}: ${seconds(lengthOf(atEdges))} of ${of} at its edges are not recorded`;
    warnings.push({ code: 'RangePartlyRecorded', message });
  }
  if (inside.length > 0) {
    const count = inside.length === 1 ? '1 gap' : `${inside.length} gaps`;
    const message = `${name}: ${count} of together ${seconds(lengthOf(inside))} closed`;
    warnings.push({ code: 'GapsClosed', message });
  }
  return warnings;
}

function movedWarnings(stretch: Stretch, pieces: readonly Piece[]): PlanWarning[] {
  const [firstRange = 0] = stretch.ranges;
  const lastRange = stretch.ranges.at(-1) ?? firstRange;
  const startMs = pieces[0]?.movedStartMs ?? stretch.startMs;
  const endMs = pieces.at(-1)?.movedEndMs ?? stretch.endMs;
  return [
    ...movedWarning(`range ${firstRange + 1} starts`, startMs - stretch.startMs),
    ...movedWarning(`range ${lastRange + 1} ends`, endMs - stretch.endMs),
  ];
}

function movedWarning(what: string, byMs: number): PlanWarning[] {
  if (Math.abs(byMs) <= ROUNDING_MS) {
    return [];
  }
  const direction = byMs < 0 ? 'earlier' : 'later';
  const message = `${what} ${Math.abs(byMs)} ms ${direction} than asked, where the codec allows a cut`;
  return [{ code: 'EdgesMoved', message }];
}

/** Behind a gap; at the start of a range the decoder has nothing yet that it could mix up. */
function openGopWarnings([, ...later]: readonly Piece[]): PlanWarning[] {
  return later
    .filter(({ entersOpenGop }) => entersOpenGop)
    .map(({ segment }) => {
      const at = new Date(segment.startMs).toISOString();
      const what = 'pictures that refer to what is missing are left out, and some decoders lose a few more';
      return {
        code: 'OpenGopEntered',
        message: `the recording goes on at ${at} within an open GOP: ${what}`,
      };
    });
}

function lengthOf(ranges: readonly TimeRange[]): number {
  return ranges.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}

function seconds(ms: number): string {
  return `${String(ms / 1000)} s`;
}
