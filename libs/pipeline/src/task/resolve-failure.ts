import type { ErrorCode, ExportError } from '@clipmesh/errors';
import type { TaskFault } from './task';
import type { TaskStage } from './task-stage';

/** What becomes of a task whose run threw. */
export type FailureResolution =
  | { readonly type: 'retry'; readonly delayMs: number; readonly fault: TaskFault }
  | { readonly type: 'postpone'; readonly delayMs: number; readonly fault: TaskFault }
  | { readonly type: 'giveUp'; readonly fault: TaskFault };

/** Not the task's doing: work waits until the surroundings are back, and no attempt is used up. */
const SURROUNDINGS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BusUnreachable',
  'NoResponder',
  'ScratchFull',
  'StoreFull',
  'StoreUnreachable',
]);

const SURROUNDINGS_WAIT_MS = 2_000;
const LONGEST_DELAY_MS = 30_000;

/** The only place that knows about attempts left. */
export function resolveFailure(
  error: ExportError,
  task: { readonly stage: TaskStage; readonly attempt: number },
  settings: { readonly maxAttempts: number; readonly retryDelayMs: number },
): FailureResolution {
  const fault: TaskFault = { code: error.code, message: error.message, details: error.details };
  if (SURROUNDINGS.has(error.code)) {
    return { type: 'postpone', delayMs: SURROUNDINGS_WAIT_MS, fault };
  }
  const delayMs = Math.min(settings.retryDelayMs * 2 ** (task.attempt - 1), LONGEST_DELAY_MS);
  // A race that was lost is won the next time.
  const isWorthRetrying = error.retryable || error.code === 'RevisionStale';
  if (!isWorthRetrying && task.stage !== 'clean') {
    return { type: 'giveUp', fault };
  }
  return task.attempt < attemptLimit(task.stage, settings.maxAttempts)
    ? { type: 'retry', delayMs, fault }
    : { type: 'giveUp', fault: exhausted(fault, task.attempt) };
}

/** Nobody else removes what a job leaves behind: cleaning never gives up, however many workers it took. */
export function attemptLimit(stage: TaskStage, maxAttempts: number): number {
  return stage === 'clean' ? Number.MAX_SAFE_INTEGER : maxAttempts;
}

/** The fault of a task whose holder was lost on the last attempt. */
export function lostOnLastAttempt(task: { readonly attempt: number }): TaskFault {
  return exhausted({ code: 'LeaseLost', message: 'the last worker did not renew its lease' }, task.attempt);
}

function exhausted(last: TaskFault, attempts: number): TaskFault {
  return {
    code: 'AttemptsExhausted',
    message: `failed ${attempts} times, the last time with ${last.code}: ${last.message}`,
    details: { ...last.details, lastCode: last.code },
  };
}
