import { wallTime, type TimeRange, type WallTime } from '@clipmesh/media';

/** What is recorded of a range, and what is not. Together they tile the range, but for holes at its ends. */
export interface Coverage {
  readonly spans: readonly TimeRange[];
  readonly gaps: readonly TimeRange[];
}

/**
 * Covered spans and gaps in a range, from segments in order of their start. Holes up to `gapThresholdMs` are no
 * gaps: inside they are joined, at the range's ends they merely make the span shorter.
 */
export function coverageOf(
  segments: readonly TimeRange[],
  range: TimeRange,
  gapThresholdMs: number,
): Coverage {
  const touched = segments.map((segment) => intersect(segment, range)).filter((span) => span !== undefined);
  const spans = joinedSpans(touched, gapThresholdMs);
  const gaps: TimeRange[] = [];
  let coveredTo = range.startMs;
  for (const { startMs, endMs } of [...spans, { startMs: range.endMs, endMs: range.endMs }]) {
    if (startMs - coveredTo > gapThresholdMs || (spans.length === 0 && startMs > coveredTo)) {
      gaps.push({ startMs: coveredTo, endMs: startMs });
    }
    coveredTo = endMs;
  }
  return { spans, gaps };
}

/** Spans in order of their start, joined over holes up to the threshold. */
export function joinedSpans(segments: readonly TimeRange[], gapThresholdMs: number): TimeRange[] {
  const spans: { readonly startMs: WallTime; endMs: WallTime }[] = [];
  for (const { startMs, endMs } of segments) {
    const last = spans.at(-1);
    if (last !== undefined && startMs - last.endMs <= gapThresholdMs) {
      last.endMs = wallTime(Math.max(last.endMs, endMs));
    } else {
      spans.push({ startMs, endMs });
    }
  }
  return spans;
}

/** What two ranges share; `undefined` when that is nothing. */
export function intersect(a: TimeRange, b: TimeRange): TimeRange | undefined {
  const startMs = wallTime(Math.max(a.startMs, b.startMs));
  const endMs = wallTime(Math.min(a.endMs, b.endMs));
  return startMs < endMs ? { startMs, endMs } : undefined;
}
