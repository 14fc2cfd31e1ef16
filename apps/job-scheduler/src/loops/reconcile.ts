import { streamSubjects } from '@clipmesh/bus';
import { STREAMS, SUBJECT_ROOT, type Stage } from '@clipmesh/contracts';
import { toExportError } from '@clipmesh/errors';
import { dutiesOf, giveUp, isFinal } from '@clipmesh/pipeline';
import { tasksOf } from '../duties/tasks-of';
import type { JobDriver } from '../job-driver';
import type { JobEntry, JobIndex } from '../job-index';
import type { JobService, StoredJob } from '../job-service';
import { removeJob } from '../remove-job';
import { nowOf, type Surroundings } from '../surroundings';
import { CareSchedule } from './care-schedule';
import { repairTask, type WaitingSubjects } from './repair-task';

const JOBS_AT_ONCE = 16;

/**
 * Repairs what a crash between two writes has left, ends what has run out of time, and removes what has expired. One
 * scheduler at a time does it; two at once would do no harm.
 */
export class Reconciler {
  private readonly schedule: CareSchedule;

  constructor(
    private readonly around: Surroundings,
    private readonly index: JobIndex,
    private readonly service: JobService,
    private readonly driver: JobDriver,
  ) {
    this.schedule = new CareSchedule(around.settings.reconcileMs);
  }

  /** Looks at every job that is due. A job that cannot be helped now does not keep the others from being. */
  async pass(signal?: AbortSignal): Promise<void> {
    const due = [...this.schedule.due(this.index.all(), nowOf(this.around))];
    const waiting = once(() => streamSubjects(this.around.bus, STREAMS.work, `${SUBJECT_ROOT}.work.>`));
    const helpers = Array.from({ length: JOBS_AT_ONCE }, async () => {
      for (let entry = due.pop(); entry !== undefined && signal?.aborted !== true; entry = due.pop()) {
        await this.lookAfter(entry, waiting);
      }
    });
    await Promise.all(helpers);
  }

  private async lookAfter(entry: JobEntry, waiting: WaitingSubjects): Promise<void> {
    try {
      const stored = await this.service.find(entry.name);
      if (stored?.value.id === entry.id) {
        await this.bringOn(stored, waiting);
      }
    } catch (thrown) {
      const error = toExportError(thrown);
      this.around.logger.warn(
        { job: entry.name, code: error.code, err: error },
        'a job cannot be brought on now',
      );
    }
  }

  private async bringOn(stored: StoredJob, waiting: WaitingSubjects): Promise<void> {
    const { settings } = this.around;
    const job = stored.value;
    const now = nowOf(this.around);
    if (job.expirationMs !== undefined && job.expirationMs <= now && job.cleaned === true) {
      await removeJob(this.around, this.service, stored);
      return;
    }
    if (!isFinal(job.state) && job.deadlineMs <= now) {
      const message = `the job did not end within ${job.deadlineMs - job.createdAtMs} ms`;
      const applied = await this.driver.apply(stored, (current, at) =>
        giveUp(current, { ...settings, code: 'DeadlineExceeded', message }, at),
      );
      if ('effects' in applied) {
        return;
      }
    }
    await this.repairTasks(stored, waiting);
    await this.driver.advance(stored);
  }

  private async repairTasks({ value: job }: StoredJob, waiting: WaitingSubjects): Promise<void> {
    const stages = dutiesOf(job).flatMap((duty): Stage[] => {
      switch (duty.type) {
        case 'startTask':
          return [duty.stage];
        case 'cleanUp':
          return ['clean'];
        case 'encodeParts':
          return ['encode'];
        case 'announce':
        case 'publishVideo':
        case 'stopTasks':
          return [];
      }
    });
    for (const stage of stages) {
      for (const record of await tasksOf(this.around, job, stage)) {
        await repairTask(this.around, record, waiting);
      }
    }
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
