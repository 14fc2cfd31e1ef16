import type { KvRecord } from '@clipmesh/bus';
import { cancelSubject, type JobRecord, type TaskRecord } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { cancelUnheldTask } from '@clipmesh/pipeline';
import { nowOf, type Surroundings } from '../surroundings';
import { tasksOf } from './tasks-of';

/** Tells workers to let go, and cancels what nobody holds: a cancel needs no living worker. */
export async function stopTasks(around: Surroundings, job: JobRecord): Promise<void> {
  around.bus.nudge(cancelSubject(job.id), { format: 1, jobId: job.id });
  const tasks = await tasksOf(around, job);
  await Promise.all(
    tasks.filter(({ value }) => value.stage !== 'clean').map((record) => cancelUnheld(around, record)),
  );
}

async function cancelUnheld(around: Surroundings, record: KvRecord<TaskRecord>): Promise<void> {
  const { tasks } = around.stores;
  for (let current: KvRecord<TaskRecord> | undefined = record; current !== undefined;) {
    const change = cancelUnheldTask(current.value, nowOf(around));
    if ('refused' in change) {
      return;
    }
    try {
      await tasks.update(current.key, change.task, current.revision);
      return;
    } catch (thrown) {
      if (!(thrown instanceof ExportError && thrown.code === 'RevisionStale')) {
        throw thrown;
      }
      current = await tasks.get(record.key);
    }
  }
}
