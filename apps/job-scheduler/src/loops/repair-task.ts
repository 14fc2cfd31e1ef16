import type { KvRecord } from '@clipmesh/bus';
import { workSubject, type TaskRecord } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { attemptLimit, giveUpTask, lostOnLastAttempt, requeueTask } from '@clipmesh/pipeline';
import { publishDead, publishWork } from '@clipmesh/service-kit';
import { nowOf, type SchedulerSettings, type Surroundings } from '../surroundings';

/** The subjects that have a message on the work queue. */
export type WaitingSubjects = () => Promise<ReadonlySet<string>>;

/**
 * Publishes a task anew, under the next epoch, when no message will bring it to a worker any more: it was lost
 * between record and publication, or with the worker that had it.
 */
export async function repairTask(
  around: Surroundings,
  record: KvRecord<TaskRecord>,
  waiting: WaitingSubjects,
): Promise<void> {
  const task = record.value;
  if (!isSuspect(task, around.settings, nowOf(around)) || (await waiting()).has(subjectOf(task))) {
    return;
  }
  const maxAttempts = attemptLimit(task.stage, around.settings.maxAttempts);
  const change = requeueTask(task, { maxAttempts }, nowOf(around));
  if (!('refused' in change)) {
    await save(around, record, change.task, publishWork);
  } else if (change.refused === 'attempts-used-up') {
    const givenUp = giveUpTask(task, lostOnLastAttempt(task), nowOf(around));
    if (!('refused' in givenUp)) {
      await save(around, record, givenUp.task, publishDead);
    }
  }
}

/** Long enough as it is that its message, if there is one, can be seen. */
function isSuspect(task: TaskRecord, settings: SchedulerSettings, now: WallTime): boolean {
  switch (task.state) {
    case 'queued':
      return now - Math.max(task.updatedAtMs, task.notBeforeMs ?? 0) > settings.staleAfterMs;
    case 'running':
      return now - (task.lease?.untilMs ?? 0) > settings.ackWaitMs;
    case 'done':
    case 'failed':
    case 'canceled':
      return false;
  }
}

const subjectOf = ({ stage, lane, jobId, task, epoch }: TaskRecord): string =>
  workSubject(stage, lane, jobId, task, epoch);

async function save(
  { stores, bus, logger }: Surroundings,
  record: KvRecord<TaskRecord>,
  task: TaskRecord,
  tell: (bus: Surroundings['bus'], task: TaskRecord) => Promise<unknown>,
): Promise<void> {
  try {
    await stores.tasks.update(record.key, task, record.revision);
  } catch (thrown) {
    if (thrown instanceof ExportError && thrown.code === 'RevisionStale') {
      // A worker has it after all.
      return;
    }
    throw thrown;
  }
  logger.warn({ task: record.key, epoch: task.epoch, state: task.state }, 'a task had lost its message');
  await tell(bus, task);
}
