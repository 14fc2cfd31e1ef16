import type { WallTime } from '@clipmesh/media';
import type { TaskState } from '@clipmesh/pipeline';
import type { Lane, Stage } from '../subjects';
import type { EncodeOutcome } from './encode-outcome';
import type { Files } from './files';
import type { JobReason, PlannedMovie, WrittenExport } from './job-record';

/** A worker's time-limited claim on a task. Renewed with every heartbeat. */
export interface Lease {
  readonly worker: string;
  readonly untilMs: WallTime;
}

/** SHA-256 of one whole file, lower-case hex. */
export interface FileDigest {
  readonly sha256: string;
}

/** What a finished task hands to the scheduler, by stage. */
export type TaskOutcome =
  | ({ readonly stage: 'plan' } & PlannedMovie)
  | ({ readonly stage: 'encode' } & EncodeOutcome)
  | ({ readonly stage: 'write' } & WrittenExport)
  | ({ readonly stage: 'digest' } & Files<FileDigest>)
  | { readonly stage: 'clean' };

/**
 * KV `tasks`, by `<job id>.<stage>.<task>`. Created by the scheduler; then changed only by who has claimed it,
 * at the revision of the claim, or by the scheduler when nobody holds it.
 */
export interface TaskRecord {
  readonly format: 1;
  readonly jobId: string;
  readonly jobName: string;
  readonly stage: Stage;
  readonly task: string;
  readonly lane: Lane;
  readonly state: TaskState;
  /** Number of the publication; stands in the work subject. A message of an older epoch is void. */
  readonly epoch: number;
  /** Number of the claim, raised by each; stands in every key that the claim writes, so that claims never meet. */
  readonly claim: number;
  /** Claims that counted: an interrupted one is given back. */
  readonly attempt: number;
  readonly lease?: Lease;
  /** Not to be claimed before. */
  readonly notBeforeMs?: WallTime;
  /** Why the task went back to `queued`, or failed. */
  readonly reason?: JobReason & {
    readonly kind: 'interrupted' | 'failed' | 'leaseLost' | 'canceled' | 'postponed';
  };
  readonly outcome?: TaskOutcome;
  readonly updatedAtMs: WallTime;
}

/** Body of a work message and of a result: a pointer to the record. */
export interface TaskPointer {
  readonly format: 1;
  readonly jobId: string;
  readonly jobName: string;
  readonly stage: Stage;
  readonly task: string;
  readonly epoch: number;
}

/** Name of the only task of a stage that has one. */
export const ONLY_TASK = '0';

export const taskKey = (pointer: Pick<TaskPointer, 'jobId' | 'stage' | 'task'>): string =>
  `${pointer.jobId}.${pointer.stage}.${pointer.task}`;
