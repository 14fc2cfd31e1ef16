import { IsDefined, IsObject } from 'class-validator';
import type { EdgePolicy } from '@clipmesh/archive';
import type { ErrorCode } from '@clipmesh/errors';
import type { ResolvedPipeline } from '@clipmesh/pipeline';
import type { JobOptions } from '../records/job-record';
import type { WireTimeRange } from './videos';

/** Body of `archive.estimate`, from job-scheduler. */
export class EstimateArchiveBody {
  @IsDefined()
  @IsObject()
  pipeline!: ResolvedPipeline;

  @IsDefined()
  @IsObject()
  options!: JobOptions;
}

/** What a job would do if it were put now. */
export interface JobEstimate {
  readonly sourceVideo: string;
  readonly requested: readonly WireTimeRange[];
  /** How many files it would make: more than one only with `onConfigChange: 'split'`. */
  readonly files: number;
  /** What a player would show, in order, split at gaps and between ranges; nothing when an error prevents it. */
  readonly delivered: readonly WireTimeRange[];
  readonly gaps: readonly (WireTimeRange & { readonly reason: string })[];
  /** `exact` with an encoder, which cuts where it likes. */
  readonly edges: EdgePolicy | 'exact';
  readonly durationMs: number;
  readonly codecs: readonly string[];
  /** Size of all files: exact where the camera's bits are kept, otherwise what they or the bit rates come to. */
  readonly bytes?: { readonly value: number; readonly isExact: boolean };
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** What the job would fail with; empty when it would complete. */
  readonly errors: readonly EstimatedError[];
}

export interface EstimatedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}
