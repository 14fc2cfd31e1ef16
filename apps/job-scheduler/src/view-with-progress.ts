import type { JobView } from '@clipmesh/contracts';
import { isFinal } from '@clipmesh/pipeline';
import type { StoredJob } from './job-service';
import { viewJob } from './job-view';
import type { Surroundings } from './surroundings';

/** The view of a job, with what its workers have told of their progress as long as it runs. */
export async function viewWithProgress(
  { stores }: Surroundings,
  { value: job }: StoredJob,
): Promise<JobView> {
  const progress = isFinal(job.state) ? undefined : await stores.progress.get(job.id);
  return viewJob(job, progress?.value);
}
