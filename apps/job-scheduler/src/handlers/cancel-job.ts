import type { JobName, JobView } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { requestCancel, type JobRefusal } from '@clipmesh/pipeline';
import type { Scheduler } from '../scheduler';
import { viewWithProgress } from '../view-with-progress';

/** Cancels a job before its file is committed. `Canceled` is reported when everything of it is gone. */
export async function cancelJob(scheduler: Scheduler, { name }: JobName): Promise<JobView> {
  const { service, driver } = scheduler;
  const applied = await driver.applyForCaller(await service.load(name), requestCancel);
  if ('refused' in applied && applied.refused !== 'job-is-canceling') {
    throw refusal(name, applied.refused);
  }
  return viewWithProgress(scheduler, await service.load(name));
}

function refusal(
  name: string,
  refused: Exclude<JobRefusal, 'job-is-canceling'> | 'job-is-gone',
): ExportError {
  const target = 'name';
  switch (refused) {
    case 'job-is-committed':
      return new ExportError('JobCommitted', {
        message: `the file of job ${name} is being published`,
        target,
      });
    case 'job-is-final':
      return new ExportError('JobFinal', { message: `job ${name} has ended`, target });
    case 'job-is-gone':
      return new ExportError('JobNotFound', { message: `there is no job ${name}`, target });
    case 'event-not-expected':
      return new ExportError('InternalError', { message: `job ${name} cannot be canceled as it is` });
  }
}
