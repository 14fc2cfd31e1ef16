import type { JobRecord, TaskOutcome, TaskRecord } from '@clipmesh/contracts';

/** What a task's run is given beside its records. */
export interface TaskContext {
  /**
   * Aborts when the job does not want the task any more, when the claim is lost, or when the process stops.
   * The run throws whatever it likes then, after it has cleaned up; it may still return when it is done anyway.
   */
  readonly signal: AbortSignal;
  /** Number of this claim; stands in every key that the run writes. */
  readonly claim: number;
  /** How much of the task is done, 0 to 100. May be called as often as is handy. */
  readonly progress: (percent: number) => void;
}

/** It cannot be done yet: it is tried again after the delay, and the attempt is given back. */
export interface Postponement {
  readonly postpone: { readonly delayMs: number; readonly reason: string };
}

/** Does a task. What it throws is judged by the code of the error: see `resolveFailure`. */
export type RunTask = (
  task: TaskRecord,
  job: JobRecord,
  context: TaskContext,
) => Promise<TaskOutcome | Postponement>;
