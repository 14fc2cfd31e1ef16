import type { ConfigChangePolicy, EdgePolicy, Gap, GapPolicy, PlanWarning } from '@clipmesh/archive';
import type { TimeRange, WallTime } from '@clipmesh/media';
import type { ErrorCode } from '@clipmesh/errors';
import type { JobState, ResolvedPipeline } from '@clipmesh/pipeline';
import type { Lane } from '../subjects';
import type { FeedFacts } from './feed-facts';
import type { Files } from './files';

/** How a job runs; never part of the topology. */
export interface JobOptions {
  readonly edges: EdgePolicy;
  readonly gaps: GapPolicy;
  /** What a file that is not encoded does where the camera was set anew. */
  readonly onConfigChange: ConfigChangePolicy;
  /** `required`: the whole file's SHA-256 is known before `Completed`; `later`: it follows. */
  readonly digest: 'later' | 'required';
  readonly priority: Lane;
  /** How long a range that reaches up to now waits for its last segment, in milliseconds. */
  readonly waitForMediaMs: number;
}

/** Where an object of ours lies. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
}

/** What a plan really holds, small enough for a record. */
export interface PlanSummary {
  readonly delivered: readonly TimeRange[];
  readonly gaps: readonly Gap[];
  readonly warnings: readonly PlanWarning[];
  /** Bytes of media that the source ranges hold. */
  readonly mediaBytes: number;
  readonly durationMs: number;
  readonly codecs: readonly string[];
}

/** A plan in the store, with what it comes to. */
export interface PlannedFile {
  readonly plan: StoredObject;
  readonly summary: PlanSummary;
  /** Of a plan that goes through encoders. All of these together become one file. */
  readonly feed?: FeedFacts;
}

export type PlannedMovie = Files<PlannedFile>;

/** A finished file that waits for the commit, or has been committed. */
export interface WrittenFile {
  readonly file: StoredObject;
  readonly manifest: StoredObject;
  /** Digest over the leaves of the file, lower-case hex. */
  readonly treeDigest: string;
  /** SHA-256 of the whole file, lower-case hex; absent until it has been read once. */
  readonly sha256?: string;
  readonly requested: readonly TimeRange[];
  readonly delivered: readonly TimeRange[];
  readonly gaps: readonly Gap[];
}

export type WrittenExport = Files<WrittenFile>;

/** Why a job ended as it did: kept apart from the state that it led to. */
export interface JobReason {
  readonly code: ErrorCode;
  readonly message: string;
  readonly atMs: WallTime;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A parameter as given with a job. The value of a SecretString is stored, never echoed. */
export interface ParameterValue {
  readonly name: string;
  readonly value: string;
}

/** KV `jobs`, by name. Changed by job-scheduler alone, by compare-and-set. */
export interface JobRecord {
  readonly format: 1;
  /** New for every creation; stands in subjects and keys in place of the name. */
  readonly id: string;
  readonly name: string;
  readonly topologyName: string;
  readonly description?: string;
  readonly parameters: readonly ParameterValue[];
  /** Names of parameters whose values are never echoed. */
  readonly secrets: readonly string[];
  readonly options: JobOptions;
  /** SHA-256 of the body after defaults and old-name translation: the same again is the same job. */
  readonly bodyDigest: string;
  readonly pipeline: ResolvedPipeline;
  readonly state: JobState;
  readonly reason?: JobReason;
  readonly createdAtMs: WallTime;
  readonly lastModifiedAtMs: WallTime;
  readonly deadlineMs: WallTime;
  readonly endedAtMs?: WallTime;
  /** When the record is removed: set with the end. */
  readonly expirationMs?: WallTime;
  /** Everything a job leaves in `work` has been removed, and what it held has been released. */
  readonly cleaned?: boolean;
  readonly planned?: PlannedMovie;
  /** All its media are encoded: what of the ranges could not be. */
  readonly encoded?: { readonly gaps: readonly Gap[] };
  readonly written?: WrittenExport;
}
