import { wallTime, type TimeRange } from '@clipmesh/media';
import { sortSegments } from '../catalog/segment-list';
import type { SegmentEntry } from '../index/segment-entry';
import type { PlanRequest } from './plan-request';

/** One range, or several that follow each other without a break: planned as one, so that nothing repeats where they touch. */
export interface Stretch extends TimeRange {
  /** Numbers of the asked ranges. */
  readonly ranges: readonly number[];
  /** Those that touch the stretch, in order of their start. */
  readonly segments: readonly SegmentEntry[];
  /** Those and the ones around them. */
  readonly known: readonly SegmentEntry[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export function stretchesOf(request: PlanRequest): Stretch[] {
  const groups: number[][] = [];
  request.ranges.forEach((range, i) => {
    const group = groups.at(-1);
    if (group !== undefined && request.ranges[i - 1]?.endMs === range.startMs) {
      group.push(i);
    } else {
      groups.push([i]);
    }
  });
  return groups.map((ranges, i) => {
    const asked = ranges.map((r) => request.ranges[r]).filter((range) => range !== undefined);
    const startMs = wallTime(Math.min(...asked.map((range) => range.startMs)));
    const endMs = wallTime(Math.max(...asked.map((range) => range.endMs)));
    const known = distinct(ranges.flatMap((r) => request.segments[r] ?? []));
    const segments = known.filter((segment) => segment.startMs < endMs && segment.endMs > startMs);
    return { ranges, startMs, endMs, segments, known, isFirst: i === 0, isLast: i === groups.length - 1 };
  });
}

function distinct(segments: readonly SegmentEntry[]): SegmentEntry[] {
  const byKey = new Map<string, SegmentEntry>();
  for (const segment of segments) {
    byKey.set(segment.key, segment);
  }
  return sortSegments([...byKey.values()]);
}
