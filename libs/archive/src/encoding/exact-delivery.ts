import { wallTime, type TimeRange } from '@clipmesh/media';
import { intersect } from '../catalog/coverage';
import type { MoviePlan } from '../plan/movie-plan';

/** What is delivered of a plan when no picture outside the asked ranges is. */
export function deliveredExactly({ windows, requested, delivered }: MoviePlan): TimeRange[] {
  const numbers = new Set(windows.map(({ range }) => range));
  const asked = [...numbers].map((number) => requested[number]).filter((range) => range !== undefined);
  let next = 0;
  return delivered.flatMap((span) => {
    const at = asked.findIndex((range, i) => i >= next && intersect(span, range) !== undefined);
    const range = asked[at];
    next = Math.max(next, at);
    const shown = range && intersect(span, range);
    return shown === undefined ? [] : [shown];
  });
}

/** Spans of which gaps have been taken away. */
export function without(spans: readonly TimeRange[], gaps: readonly TimeRange[]): TimeRange[] {
  return gaps.reduce<TimeRange[]>(
    (left, gap) =>
      left.flatMap((span) =>
        [
          { startMs: span.startMs, endMs: wallTime(Math.min(span.endMs, gap.startMs)) },
          { startMs: wallTime(Math.max(span.startMs, gap.endMs)), endMs: span.endMs },
        ].filter(({ startMs, endMs }) => startMs < endMs),
      ),
    [...spans],
  );
}
