import type { DeleteJobReply, JobName, JobRecord } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { isFinal, needsCare } from '@clipmesh/pipeline';
import type { StoredJob } from '../job-service';
import { removeJob } from '../remove-job';
import type { Scheduler } from '../scheduler';

/** Removes the record of a job that has ended, when its scratch is gone. The video that it made stays. */
export async function deleteJob(scheduler: Scheduler, { name }: JobName): Promise<DeleteJobReply> {
  const { service, around } = scheduler;
  for (let stored = await service.find(name); stored !== undefined; stored = await service.find(name)) {
    const settled = await untilSettled(scheduler, refuseUnlessFinal(stored));
    if (settled !== undefined && (await wasRemoved(removeJob(around, service, settled)))) {
      return { deleted: true };
    }
  }
  return { deleted: false };
}

function refuseUnlessFinal(stored: StoredJob): StoredJob {
  if (!isFinal(stored.value.state)) {
    throw new ExportError('JobNotFinal', { message: `job ${stored.key} is still at work`, target: 'name' });
  }
  return stored;
}

/** A job that has just ended is still being cleaned and digested: that is waited for, within bounds. */
async function untilSettled(scheduler: Scheduler, stored: StoredJob): Promise<StoredJob | undefined> {
  if (!needsCare(stored.value)) {
    return stored;
  }
  const { around, service } = scheduler;
  const settled = await firstSettled(scheduler, stored);
  const now = settled ? undefined : await service.find(stored.key);
  if (now !== undefined && now.value.cleaned !== true) {
    throw new ExportError('JobNotFinal', {
      message: `what job ${stored.key} left is still being removed after ${around.settings.cleanWaitMs} ms`,
      target: 'name',
      hint: 'Ask again in a moment; see that a sink-writer runs.',
    });
  }
  return now;
}

/** Whether it came to that in time. */
async function firstSettled({ around }: Scheduler, stored: StoredJob): Promise<boolean> {
  const { stores, settings, logger } = around;
  let tell: (settled: boolean) => void = () => undefined;
  const settled = new Promise<boolean>((resolve) => {
    tell = resolve;
  });
  const timer = setTimeout(() => {
    tell(false);
  }, settings.cleanWaitMs);
  const watch = await stores.jobs.watch(stored.key, {
    onChange: ({ value }) => {
      if (isSettled(value, stored.value.id)) {
        tell(true);
      }
    },
    onError: (error) => {
      logger.warn({ job: stored.key, err: error }, 'a job could not be followed');
    },
  });
  try {
    return await settled;
  } finally {
    clearTimeout(timer);
    await watch.stop();
  }
}

const isSettled = (job: JobRecord | undefined, id: string): boolean =>
  job === undefined || job.id !== id || !needsCare(job);

async function wasRemoved(removal: Promise<void>): Promise<boolean> {
  try {
    await removal;
    return true;
  } catch (thrown) {
    if (thrown instanceof ExportError && thrown.code === 'RevisionStale') {
      return false;
    }
    throw thrown;
  }
}
