import type { JobState } from './job-state';
import { hasNoWayOut, type TransitionTable } from './transition-table';

/** What may happen to a job; each has one function in `job.ts`. */
export type JobEvent =
  /** A worker has taken the plan task. */
  | 'claimed'
  /** The plan is in and an encoder is asked for. */
  | 'toEncode'
  /** The plan is in and the media go as they are. */
  | 'toCopy'
  /** All encoded parts are in. */
  | 'allPartsIn'
  /** The file is written and verified: saving this is the commit. */
  | 'written'
  /** The video is visible. */
  | 'published'
  /** A task failed for good, or the deadline passed. */
  | 'gaveUp'
  | 'cancelRequested'
  /** Nobody works for the job any more and everything it left is removed. */
  | 'drained';

/**
 * The whole truth about the states of a job. A queued job goes to `canceling` too, not straight to
 * `canceled`: its plan task may have been claimed a moment ago.
 */
export const JOB_TRANSITIONS = {
  queued: { claimed: 'planning', gaveUp: 'failed', cancelRequested: 'canceling' },
  planning: { toEncode: 'encoding', toCopy: 'writing', gaveUp: 'failed', cancelRequested: 'canceling' },
  encoding: { allPartsIn: 'writing', gaveUp: 'failed', cancelRequested: 'canceling' },
  writing: { written: 'publishing', gaveUp: 'failed', cancelRequested: 'canceling' },
  publishing: { published: 'completed' },
  canceling: { drained: 'canceled' },
  completed: {},
  failed: {},
  canceled: {},
} as const satisfies TransitionTable<JobState, JobEvent>;

/** No event changes the state of the job any more. */
export function isFinal(state: JobState): boolean {
  return hasNoWayOut(JOB_TRANSITIONS, state);
}
