import type { KvRecord, Settlement } from '@clipmesh/bus';
import { taskKey, type JobRecord, type TaskPointer, type TaskRecord } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import {
  attemptLimit,
  cancelUnheldTask,
  claimTask,
  giveUpTask,
  isTaskFinal,
  isWanted,
  lostOnLastAttempt,
  type TaskChange,
  type TaskRefusal,
} from '@clipmesh/pipeline';
import type { JobStores } from './job-stores';

/** The task is ours; or it is at its end, and that has to be told; or the message is not for now. */
export type Beginning =
  | { readonly type: 'claimed'; readonly record: KvRecord<TaskRecord>; readonly job: JobRecord }
  | { readonly type: 'ended'; readonly task: TaskRecord }
  | { readonly type: 'refused'; readonly why: string; readonly settlement: Settlement };

export interface BeginFacts {
  readonly worker: string;
  readonly leaseMs: number;
  readonly maxAttempts: number;
  readonly deliveryCount: number;
}

/** Deliveries after which a record that is not there counts as gone, and not as not yet seen by this replica. */
const DELIVERIES_TO_BELIEVE = 3;
const SOON_MS = 200;
const LONGEST_WAIT_MS = 30_000;

const ACK: Settlement = { kind: 'ack' };
const soon = (delayMs: number): Settlement => ({ kind: 'retry', delayMs });

/** Claims the task that a message points at, by compare-and-set; whoever is first has it. */
export async function beginTask(
  stores: JobStores,
  pointer: TaskPointer,
  facts: BeginFacts,
  now: () => WallTime,
): Promise<Beginning> {
  const [task, job] = await Promise.all([
    stores.tasks.get(taskKey(pointer)),
    stores.jobs.get(pointer.jobName),
  ]);
  if (task === undefined || (job === undefined && facts.deliveryCount < DELIVERIES_TO_BELIEVE)) {
    const settlement = facts.deliveryCount < DELIVERIES_TO_BELIEVE ? soon(SOON_MS) : ACK;
    return { type: 'refused', why: 'no-record', settlement };
  }
  const wantedJob =
    job?.value.id === pointer.jobId && isWanted(pointer.stage, job.value.state) ? job.value : undefined;
  const change = take(task.value, pointer, wantedJob, facts, now());
  if ('refused' in change) {
    return refusal(task.value, change);
  }
  const record = await save(stores, task, change.task);
  if (record === undefined) {
    return { type: 'refused', why: 'somebody was faster', settlement: soon(0) };
  }
  return wantedJob !== undefined && !isTaskFinal(record.value.state)
    ? { type: 'claimed', record, job: wantedJob }
    : { type: 'ended', task: record.value };
}

/** What becomes of the record: claimed when it is wanted, ended when it is not, or when its attempts are used up. */
function take(
  task: TaskRecord,
  pointer: TaskPointer,
  wantedJob: JobRecord | undefined,
  facts: BeginFacts,
  now: WallTime,
): TaskChange<TaskRecord> {
  if (wantedJob === undefined) {
    return pointer.epoch < task.epoch ? { refused: 'stale-epoch' } : cancelUnheldTask(task, now);
  }
  const maxAttempts = attemptLimit(task.stage, facts.maxAttempts);
  const claimed = claimTask(task, { ...facts, maxAttempts, epoch: pointer.epoch }, now);
  return 'refused' in claimed && claimed.refused === 'attempts-used-up'
    ? giveUpTask(task, lostOnLastAttempt(task), now)
    : claimed;
}

function refusal(task: TaskRecord, change: TaskRefusal): Beginning {
  switch (change.refused) {
    case 'task-is-final':
      return { type: 'ended', task };
    case 'held':
    case 'not-yet':
      return {
        type: 'refused',
        why: change.refused,
        settlement: soon(Math.min(change.waitMs, LONGEST_WAIT_MS)),
      };
    case 'record-is-behind':
      return { type: 'refused', why: change.refused, settlement: soon(SOON_MS) };
    case 'stale-epoch':
    case 'attempts-used-up':
    case 'event-not-expected':
      return { type: 'refused', why: change.refused, settlement: ACK };
  }
}

async function save(
  stores: JobStores,
  record: KvRecord<TaskRecord>,
  task: TaskRecord,
): Promise<KvRecord<TaskRecord> | undefined> {
  try {
    const revision = await stores.tasks.update(record.key, task, record.revision);
    return { key: record.key, value: task, revision };
  } catch (thrown) {
    if (thrown instanceof ExportError && thrown.code === 'RevisionStale') {
      return undefined;
    }
    throw thrown;
  }
}
