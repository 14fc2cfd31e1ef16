import type { JobRecord, JobView, PatchJobBody } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { Scheduler } from '../scheduler';
import { viewWithProgress } from '../view-with-progress';

/** Changes the description; everything else of a job is for good. */
export async function patchJob(scheduler: Scheduler, request: PatchJobBody): Promise<JobView> {
  const { service } = scheduler;
  const stored = await service.load(request.name);
  const { description } = request;
  if (description === undefined) {
    return viewWithProgress(scheduler, stored);
  }
  const applied = await service.apply(stored, (job, now) => ({
    job: { ...described(job, description), lastModifiedAtMs: now },
    effects: [],
  }));
  if (!('stored' in applied)) {
    throw new ExportError('JobNotFound', { message: `there is no job ${request.name}`, target: 'name' });
  }
  return viewWithProgress(scheduler, applied.stored);
}

function described(job: JobRecord, description: string | null): JobRecord {
  if (description !== null) {
    return { ...job, description };
  }
  const { description: cleared, ...rest } = job;
  return cleared === undefined ? job : rest;
}
