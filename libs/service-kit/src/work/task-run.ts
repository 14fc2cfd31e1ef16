import type { Bus, Settlement, WorkMessage } from '@clipmesh/bus';
import { isStopping } from '@clipmesh/bus';
import type { JobRecord, TaskPointer, TaskRecord } from '@clipmesh/contracts';
import { wallTime, type WallTime } from '@clipmesh/media';
import { toExportError } from '@clipmesh/errors';
import { isWanted } from '@clipmesh/pipeline';
import { beginTask } from './begin-task';
import type { CancelNudges } from './cancel-nudges';
import { Hold, type Clock } from './hold';
import type { JobStores } from './job-stores';
import { normaliseOutcome, type Ending } from './normalise-outcome';
import { ProgressReporter } from './progress-reporter';
import type { RunTask } from './task-context';
import { publishDead, publishResult, readPointer } from './task-messages';
import type { WorkLog } from './work-log';

/** What leases and attempts are measured by. `leaseMs` is best three heartbeats long. */
export interface TaskSettings {
  readonly leaseMs: number;
  readonly maxAttempts: number;
  /** Delay before the second try; it doubles with each. */
  readonly retryDelayMs: number;
}

export interface TaskRunParts {
  readonly bus: Bus;
  readonly stores: JobStores;
  readonly worker: string;
  readonly settings: TaskSettings;
  readonly clock: Clock;
  readonly logger: WorkLog;
  readonly nudges: CancelNudges;
  /** The tasks that this worker has in hand. */
  readonly inHand: Set<TaskRecord>;
  readonly run: RunTask;
}

/** The life of one work message: begin → perform → normalise the outcome → settle. */
export async function runTask(
  parts: TaskRunParts,
  message: WorkMessage,
  stopping: AbortSignal,
): Promise<Settlement> {
  const pointer = readPointer(message.body);
  if (pointer === undefined) {
    parts.logger.error({ subject: message.subject }, 'a work message points at no task and is dropped');
    return { kind: 'drop' };
  }
  const wake = { listener: (): void => undefined, nudged: false };
  // Listening begins before the job is read: a cancel in between is not missed.
  const unwatch = parts.nudges.watch(pointer.jobId, () => {
    wake.nudged = true;
    wake.listener();
  });
  try {
    return await runPointed(parts, pointer, message.deliveryCount, stopping, wake);
  } finally {
    unwatch();
  }
}

async function runPointed(
  parts: TaskRunParts,
  pointer: TaskPointer,
  deliveryCount: number,
  stopping: AbortSignal,
  wake: { listener: () => void; readonly nudged: boolean },
): Promise<Settlement> {
  const { stores, worker, settings, logger } = parts;
  const beginning = await beginTask(stores, pointer, { worker, ...settings, deliveryCount }, () =>
    now(parts),
  );
  switch (beginning.type) {
    case 'refused':
      logger.debug({ ...pointer, why: beginning.why }, 'a work message is not for now');
      return beginning.settlement;
    case 'ended':
      // Whoever ended it may have died before telling.
      await tell(parts, beginning.task);
      return { kind: 'ack' };
    case 'claimed': {
      const hold = holdFor(parts, beginning.record, beginning.job.name);
      wake.listener = () => void hold.check();
      if (wake.nudged) {
        void hold.check();
      }
      try {
        const ending = await perform(parts, hold, beginning.job, stopping);
        return await settle(parts, hold, ending);
      } finally {
        hold.stop();
      }
    }
  }
}

function holdFor(parts: TaskRunParts, record: ConstructorParameters<typeof Hold>[0], jobName: string): Hold {
  const { stores, clock, settings, logger } = parts;
  const { jobId, stage } = record.value;
  return new Hold(record, {
    tasks: stores.tasks,
    leaseMs: settings.leaseMs,
    clock,
    isWanted: async () => {
      const job = await stores.jobs.get(jobName);
      return job?.value.id === jobId && isWanted(stage, job.value.state);
    },
    onTrouble: (error) => {
      logger.warn(
        { task: record.key, code: error.code, error: error.message },
        'a heartbeat did not get through',
      );
    },
  });
}

async function perform(
  parts: TaskRunParts,
  hold: Hold,
  job: JobRecord,
  stopping: AbortSignal,
): Promise<Ending> {
  const { task } = hold;
  const progress = new ProgressReporter(parts.bus, parts.stores, task, (thrown) => {
    parts.logger.debug({ jobId: task.jobId, error: toExportError(thrown).message }, 'progress was not told');
  });
  parts.inHand.add(task);
  try {
    const signal = AbortSignal.any([stopping, hold.signal]);
    const result = await parts.run(task, job, { signal, claim: task.claim, progress: progress.note });
    return 'postpone' in result
      ? {
          type: 'postponed',
          delayMs: result.postpone.delayMs,
          fault: { code: 'MediaAwaited', message: result.postpone.reason },
        }
      : { type: 'done', outcome: result };
  } catch (thrown) {
    return endingOf(thrown, hold, stopping);
  } finally {
    progress.stop();
    parts.inHand.delete(task);
  }
}

/** What a run throws after an abort, it throws because of the abort. */
function endingOf(thrown: unknown, hold: Hold, stopping: AbortSignal): Ending {
  if (hold.signal.aborted) {
    // A lost lease ends here too: the save that follows is refused.
    return { type: 'canceled' };
  }
  return isStopping(stopping) ? { type: 'interrupted' } : { type: 'failed', error: toExportError(thrown) };
}

async function settle(parts: TaskRunParts, hold: Hold, ending: Ending): Promise<Settlement> {
  const { settings, logger } = parts;
  const verdict = normaliseOutcome(ending, hold.task, settings);
  if (ending.type === 'failed') {
    logger.warn({ ...facts(hold.task), code: ending.error.code, err: ending.error }, 'a task failed');
  }
  const ended = isLeaseLost(hold.signal) ? undefined : await hold.end(verdict.change);
  if (ended === undefined) {
    logger.warn(facts(hold.task), 'the claim on a task was lost; nothing of it counts');
    return { kind: 'giveBack' };
  }
  logger.debug({ ...facts(ended), state: ended.state }, 'a task has moved');
  if (verdict.hint) {
    await tell(parts, ended);
  }
  return verdict.settlement;
}

/** Tells everybody who waits how a task stands; may be told again. */
async function tell({ bus }: TaskRunParts, task: TaskRecord): Promise<void> {
  if (task.state === 'failed') {
    await publishDead(bus, task);
  }
  await publishResult(bus, task);
}

function isLeaseLost(signal: AbortSignal): boolean {
  return signal.aborted && toExportError(signal.reason).code === 'LeaseLost';
}

const facts = ({ jobId, jobName, stage, task, claim, attempt }: TaskRecord): object => ({
  jobId,
  jobName,
  stage,
  task,
  claim,
  attempt,
});

const now = ({ clock }: TaskRunParts): WallTime => wallTime(clock.now());
