import type { TimeRange, WallTime } from '@clipmesh/media';

export const HOUR_MS = 3_600_000;

/** A segment belongs to the hour of its start, in whole hours since 1970. */
export function hourOf(startMs: WallTime): number {
  return Math.floor(startMs / HOUR_MS);
}

/**
 * Hours whose catalog entries tell of a range. One earlier than it touches: no segment is longer than an hour, so one that
 * reaches into the range starts in that hour at the earliest.
 */
export function hoursOf(range: TimeRange): number[] {
  const first = Math.max(0, hourOf(range.startMs) - 1);
  const last = Math.floor((range.endMs - 1) / HOUR_MS);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}
