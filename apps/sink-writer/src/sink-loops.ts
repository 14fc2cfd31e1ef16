import { Inject, Injectable } from '@nestjs/common';
import { Bus } from '@clipmesh/bus';
import {
  ONLY_TASK,
  taskKey,
  type JobRecord,
  type Stage,
  type TaskOutcome,
  type TaskRecord,
} from '@clipmesh/contracts';
import { ObjectStore } from '@clipmesh/object-store';
import {
  DEFAULT_RUNNER_SETTINGS,
  LOG,
  openJobStores,
  ServiceInstance,
  ServiceLoops,
  TaskRunner,
  type RunTask,
  type TaskContext,
  type WorkLog,
} from '@clipmesh/service-kit';
import { cleanJob } from './clean-task';
import { SinkSettings } from './config';
import { digestExport } from './digest-task';
import { clearLostClaim, isLeaseLost } from './lost-claim';
import { RightOfWay } from './right-of-way';
import { writeExport } from './write-task';

/** Takes the sink's tasks: files first of all, digests and clean-ups beside them. */
@Injectable()
export class SinkLoops extends ServiceLoops {
  protected readonly loops: readonly TaskRunner[];
  private readonly rightOfWay = new RightOfWay();

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(ObjectStore) private readonly store: ObjectStore,
    @Inject(ServiceInstance) private readonly instance: ServiceInstance,
    @Inject(SinkSettings) private readonly settings: SinkSettings,
    @Inject(LOG) private readonly log: WorkLog,
  ) {
    super();
    const { writeSlots, digestSlots } = settings;
    this.loops = [
      this.runner('write', writeSlots, (task, job, context) =>
        this.rightOfWay.write(() => this.write(task, job, context)),
      ),
      this.runner('digest', digestSlots, (_, job, context) =>
        digestExport(store, job, context, this.rightOfWay),
      ),
      this.runner('clean', digestSlots, (_, job, context) => this.clean(job, context)),
    ];
  }

  private runner(stage: Stage, slots: number, run: RunTask): TaskRunner {
    const { ackWaitMs, leaseMs, maxAttempts } = this.settings;
    return new TaskRunner({
      bus: this.bus,
      worker: `${this.instance.id}-${stage}`,
      stages: [stage],
      slots,
      settings: { ...DEFAULT_RUNNER_SETTINGS, ackWaitMs, leaseMs, maxAttempts },
      logger: this.log,
      run,
    });
  }

  private async write(task: TaskRecord, job: JobRecord, context: TaskContext): Promise<TaskOutcome> {
    try {
      return await writeExport(this.store, task, job, () => this.encodeTasks(job), context);
    } finally {
      if (isLeaseLost(context.signal)) {
        const now = await openJobStores(this.bus).jobs.get(job.name);
        await clearLostClaim(this.store, job, task.claim, now?.value);
      }
    }
  }

  private async clean(job: JobRecord, context: TaskContext): Promise<TaskOutcome> {
    const key = taskKey({ jobId: job.id, stage: 'write', task: ONLY_TASK });
    const write = await openJobStores(this.bus).tasks.get(key);
    const claims = { encode: await this.encodeTasks(job), write: write?.value.claim ?? 0 };
    return cleanJob(this.store, job, claims, context);
  }

  private async encodeTasks({ id }: JobRecord): Promise<TaskRecord[]> {
    const found: TaskRecord[] = [];
    for await (const { value } of openJobStores(this.bus).tasks.list(`${id}.encode.>`)) {
      found.push(value);
    }
    return found;
  }
}
