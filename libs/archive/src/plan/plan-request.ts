import type { TimeRange } from '@clipmesh/media';
import type { SegmentEntry } from '../index/segment-entry';
import type { CatalogRevision, ConfigChangePolicy, CutPolicy, GapPolicy, MoviePlan } from './movie-plan';

export interface PlanRequest {
  readonly video: MoviePlan['video'];
  /** In the order in which they are joined; they may touch and overlap. */
  readonly ranges: readonly TimeRange[];
  /** For each range the segments of the hours around it, in order of their start. */
  readonly segments: readonly (readonly SegmentEntry[])[];
  readonly edges: CutPolicy;
  readonly gaps: GapPolicy;
  /** `fail` when absent. */
  readonly onConfigChange?: ConfigChangePolicy;
  readonly gapThresholdMs: number;
  readonly catalogRevisions: readonly CatalogRevision[];
}
