import { tasksOf } from './duties/tasks-of';
import type { JobService, StoredJob } from './job-service';
import type { Surroundings } from './surroundings';

/**
 * Removes a job and its tasks; the video that it made stays. The job's record goes last: whoever dies in between, it
 * can be done again.
 */
export async function removeJob(around: Surroundings, service: JobService, stored: StoredJob): Promise<void> {
  const tasks = await tasksOf(around, stored.value);
  await Promise.all(tasks.map(({ key }) => around.stores.tasks.delete(key)));
  await around.stores.progress.delete(stored.value.id);
  await service.remove(stored);
}
