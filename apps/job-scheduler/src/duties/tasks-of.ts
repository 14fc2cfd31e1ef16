import type { KvRecord } from '@clipmesh/bus';
import type { JobRecord, TaskRecord } from '@clipmesh/contracts';
import type { Surroundings } from '../surroundings';

/** All tasks that a job ever had. */
export async function tasksOf(
  { stores }: Pick<Surroundings, 'stores'>,
  job: JobRecord,
): Promise<readonly KvRecord<TaskRecord>[]> {
  const found: KvRecord<TaskRecord>[] = [];
  for await (const record of stores.tasks.list(`${job.id}.>`)) {
    found.push(record);
  }
  return found;
}
