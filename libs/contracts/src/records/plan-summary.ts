import type { MoviePlan } from '@clipmesh/archive';
import type { PlanSummary } from './job-record';

/** What a plan really holds, small enough for a record. */
export function planSummary(plan: MoviePlan): PlanSummary {
  return {
    delivered: plan.delivered,
    gaps: plan.gaps,
    warnings: plan.warnings,
    mediaBytes: plan.ranges.reduce(
      (sum, range) => sum + ('inline' in range ? range.inline : range).length,
      0,
    ),
    durationMs: plan.delivered.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs), 0),
    codecs: plan.tracks.map((track) => track.codec),
  };
}
