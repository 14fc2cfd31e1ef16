import { hasNoWayOut, type TransitionTable } from '../job/transition-table';
import type { TaskState } from './task-state';

/** What may happen to a task; each has one function in `task.ts`. */
export type TaskEvent =
  /** A worker takes it: when queued, or when the lease of the last holder has run out. */
  | 'claimed'
  /** The holder is still at work. */
  | 'renewed'
  | 'finished'
  /** A transient failure; the attempt counts. */
  | 'retried'
  /** It cannot be done yet; the attempt is given back. */
  | 'postponed'
  /** The worker is stopping; the attempt is given back. */
  | 'interrupted'
  | 'gaveUp'
  /** The job does not want it any more. */
  | 'canceled'
  /** The reconciler publishes it anew, under the next epoch: its message is lost, or its holder is. */
  | 'requeued';

export const TASK_TRANSITIONS = {
  queued: { claimed: 'running', canceled: 'canceled', requeued: 'queued' },
  running: {
    claimed: 'running',
    renewed: 'running',
    finished: 'done',
    retried: 'queued',
    postponed: 'queued',
    interrupted: 'queued',
    gaveUp: 'failed',
    canceled: 'canceled',
    requeued: 'queued',
  },
  done: {},
  failed: {},
  canceled: {},
} as const satisfies TransitionTable<TaskState, TaskEvent>;

/** Nobody will work on the task any more. */
export function isTaskFinal(state: TaskState): boolean {
  return hasNoWayOut(TASK_TRANSITIONS, state);
}
