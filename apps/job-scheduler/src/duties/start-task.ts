import {
  ONLY_TASK,
  taskKey,
  type JobRecord,
  type Lane,
  type Stage,
  type TaskRecord,
} from '@clipmesh/contracts';
import { publishWork } from '@clipmesh/service-kit';
import { nowOf, type Surroundings } from '../surroundings';

/**
 * Sees that the stage's task is recorded and its message published. The record comes first, the message second: a
 * crash in between is repaired by doing this again. Returns the record when it was there already.
 */
export async function startTask(
  around: Surroundings,
  job: JobRecord,
  stage: Stage,
  name: string = ONLY_TASK,
): Promise<TaskRecord | undefined> {
  const { stores, bus } = around;
  const task = makeTask(around, job, stage, name);
  const key = taskKey(task);
  if ((await stores.tasks.create(key, task)) !== undefined) {
    await publishWork(bus, task);
    return undefined;
  }
  const found = (await stores.tasks.get(key))?.value;
  if (found?.state === 'queued' && found.claim === 0) {
    // Nobody has seen it yet: its message is there, or was never published.
    await publishWork(bus, found);
  }
  return found;
}

function makeTask(around: Surroundings, job: JobRecord, stage: Stage, name: string): TaskRecord {
  return {
    format: 1,
    jobId: job.id,
    jobName: job.name,
    stage,
    task: name,
    lane: laneOf(job, stage),
    state: 'queued',
    epoch: 1,
    claim: 0,
    attempt: 0,
    updatedAtMs: nowOf(around),
  };
}

/** The digest of a long file waits behind the work that somebody waits for. */
const laneOf = (job: JobRecord, stage: Stage): Lane => (stage === 'digest' ? 'bulk' : job.options.priority);
