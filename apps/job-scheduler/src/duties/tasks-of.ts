import type { KvRecord } from '@clipmesh/bus';
import type { JobRecord, Stage, TaskRecord } from '@clipmesh/contracts';
import type { Surroundings } from '../surroundings';

/** All tasks that a job ever had, or those of a stage. */
export async function tasksOf(
  { stores }: Pick<Surroundings, 'stores'>,
  job: JobRecord,
  stage?: Stage,
): Promise<readonly KvRecord<TaskRecord>[]> {
  const found: KvRecord<TaskRecord>[] = [];
  for await (const record of stores.tasks.list(`${job.id}.${stage === undefined ? '' : `${stage}.`}>`)) {
    found.push(record);
  }
  return found;
}
