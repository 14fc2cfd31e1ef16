import type { TaskRecord, WorkerRecord } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { toExportError } from '@clipmesh/errors';
import { RELEASE } from '../boot/release';
import type { Clock } from './hold';
import type { JobStores } from './job-stores';
import type { WorkLog } from './work-log';

const EVERY_MS = 10_000;

export type WorkerFacts = Pick<WorkerRecord, 'id' | 'stages' | 'slots' | 'encoders'>;

/** Shows a worker in the `workers` bucket for as long as it lives. */
export class WorkerHeartbeat {
  private readonly startedAt: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stores: JobStores,
    private readonly worker: WorkerFacts,
    private readonly inHand: ReadonlySet<TaskRecord>,
    private readonly clock: Clock,
    private readonly logger: WorkLog,
  ) {
    this.startedAt = clock.now();
  }

  start(): void {
    this.beat();
    this.timer = setInterval(() => {
      this.beat();
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    try {
      await this.stores.workers.delete(this.worker.id);
    } catch (thrown) {
      // Best effort: the bucket forgets it by itself.
      this.logger.debug({ error: toExportError(thrown).message }, 'the worker could not sign off');
    }
  }

  private beat(): void {
    const record: WorkerRecord = {
      format: 1,
      ...this.worker,
      version: RELEASE,
      running: [...this.inHand].map(({ jobName, stage, task, attempt }) => ({
        jobName,
        stage,
        task,
        attempt,
      })),
      startedAtMs: wallTime(this.startedAt),
      seenAtMs: wallTime(this.clock.now()),
    };
    this.stores.workers.put(this.worker.id, record).catch((thrown: unknown) => {
      this.logger.debug({ error: toExportError(thrown).message }, 'the worker could not show itself');
    });
  }
}
