import type { JobName, JobView } from '@clipmesh/contracts';
import type { Scheduler } from '../scheduler';
import { viewWithProgress } from '../view-with-progress';

/** One job with its progress. */
export async function getJob(scheduler: Scheduler, { name }: JobName): Promise<JobView> {
  return viewWithProgress(scheduler, await scheduler.service.load(name));
}
