import type { Settlement } from '@clipmesh/bus';
import type { TaskOutcome, TaskRecord } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import { type ExportError } from '@clipmesh/errors';
import {
  cancelTask,
  finishTask,
  giveUpTask,
  interruptTask,
  postponeTask,
  resolveFailure,
  retryTask,
  type TaskChange,
  type TaskFault,
} from '@clipmesh/pipeline';

/** How a run came to its end. */
export type Ending =
  | { readonly type: 'done'; readonly outcome: TaskOutcome }
  | { readonly type: 'postponed'; readonly delayMs: number; readonly fault: TaskFault }
  | { readonly type: 'failed'; readonly error: ExportError }
  | { readonly type: 'interrupted' }
  | { readonly type: 'canceled' };

/** What an ending means: for the record, for the message, and for those who wait. */
export interface Verdict {
  readonly change: (task: TaskRecord, now: WallTime) => TaskChange<TaskRecord>;
  readonly settlement: Settlement;
  /** Whether the scheduler is told. */
  readonly hint: boolean;
}

/** The one place that maps endings to records and messages; the table in `docs/state-machines.md` says the same. */
export function normaliseOutcome(
  ending: Ending,
  task: TaskRecord,
  settings: { readonly maxAttempts: number; readonly retryDelayMs: number },
): Verdict {
  switch (ending.type) {
    case 'done':
      return {
        change: (held, now) => finishTask(held, { outcome: ending.outcome }, now),
        settlement: { kind: 'ack' },
        hint: true,
      };
    case 'postponed':
      return postponed(ending.fault, ending.delayMs, task);
    case 'failed':
      return failed(ending.error, task, settings);
    case 'interrupted':
      return { change: interruptTask, settlement: { kind: 'giveBack' }, hint: false };
    case 'canceled':
      return { change: cancelTask, settlement: { kind: 'ack' }, hint: true };
  }
}

function failed(
  error: ExportError,
  task: TaskRecord,
  settings: { readonly maxAttempts: number; readonly retryDelayMs: number },
): Verdict {
  const resolution = resolveFailure(error, task, settings);
  switch (resolution.type) {
    case 'postpone':
      return postponed(resolution.fault, resolution.delayMs, task);
    case 'retry':
      return {
        change: (held, now) => retryTask(held, { ...resolution.fault, delayMs: resolution.delayMs }, now),
        settlement: { kind: 'retry', delayMs: resolution.delayMs },
        hint: false,
      };
    case 'giveUp':
      return {
        change: (held, now) => giveUpTask(held, resolution.fault, now),
        settlement: { kind: 'drop' },
        hint: true,
      };
  }
}

function postponed(fault: TaskFault, delayMs: number, task: TaskRecord): Verdict {
  return {
    change: (held, now) => postponeTask(held, { ...fault, delayMs }, now),
    settlement: { kind: 'retry', delayMs },
    // That it has been taken up is news only once.
    hint: task.claim === 1,
  };
}
