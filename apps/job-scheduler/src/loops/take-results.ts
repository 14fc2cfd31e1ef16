import { WorkLoop, type WorkMessage } from '@clipmesh/bus';
import { RESULT_CONSUMER, taskKey } from '@clipmesh/contracts';
import { readPointer } from '@clipmesh/service-kit';
import type { JobDriver } from '../job-driver';
import type { Surroundings } from '../surroundings';

/** Jobs brought on at the same time; each waits mostly for NATS. */
const SLOTS = 32;

/** Takes the hints of workers that a task has moved. The records are the truth; a hint only says where to look. */
export function makeResultLoop(around: Surroundings, driver: JobDriver): WorkLoop {
  const { bus, settings, logger } = around;
  return new WorkLoop({
    bus,
    name: 'job-scheduler',
    consumers: [RESULT_CONSUMER],
    slots: SLOTS,
    ackWaitMs: settings.ackWaitMs,
    handle: async (message) => {
      await takeResult(around, driver, message);
      return { kind: 'ack' };
    },
    onError: (error, subject) => {
      logger.warn({ subject, code: error.code, err: error }, 'a result could not be taken in yet');
    },
  });
}

export async function takeResult(
  { stores, logger }: Surroundings,
  driver: JobDriver,
  { body, subject }: Pick<WorkMessage, 'body' | 'subject'>,
): Promise<void> {
  const pointer = readPointer(body);
  if (pointer === undefined) {
    logger.error({ subject }, 'a result points at no task and is dropped');
    return;
  }
  const [job, task] = await Promise.all([
    stores.jobs.get(pointer.jobName),
    stores.tasks.get(taskKey(pointer)),
  ]);
  // A job that is gone needs no results; a name that was used again belongs to another job.
  if (job?.value.id === pointer.jobId && task !== undefined) {
    await driver.collect(job, task.value);
  }
}
