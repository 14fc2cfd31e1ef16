import { WorkLoop, type Bus } from '@clipmesh/bus';
import { LANES, workConsumer, type Stage, type TaskRecord } from '@clipmesh/contracts';
import { CancelNudges } from './cancel-nudges';
import type { Clock } from './hold';
import { openJobStores } from './job-stores';
import type { RunTask } from './task-context';
import { runTask, type TaskRunParts, type TaskSettings } from './task-run';
import type { WorkLog } from './work-log';
import { WorkerHeartbeat } from './worker-heartbeat';

export interface TaskRunnerOptions {
  readonly bus: Bus;
  /** Names this process among all workers; letters, digits, `_` and `-`. */
  readonly worker: string;
  readonly stages: readonly Stage[];
  /** Tasks in work at the same time, over all stages. */
  readonly slots: number;
  /** Which encoders it can use, for all to see. */
  readonly encoders?: readonly string[] | undefined;
  readonly settings: RunnerSettings;
  readonly logger: WorkLog;
  readonly clock?: Clock;
  readonly run: RunTask;
}

export interface RunnerSettings extends TaskSettings {
  /** How long the server waits for a sign of life before it delivers a message to somebody else. */
  readonly ackWaitMs: number;
  /** How long a task in hand may go on after a stop before it is given back; at once when absent. */
  readonly drainMs?: number;
}

export const DEFAULT_RUNNER_SETTINGS: RunnerSettings = {
  ackWaitMs: 30_000,
  leaseMs: 30_000,
  maxAttempts: 5,
  retryDelayMs: 1_000,
};

/**
 * Takes the tasks of its stages from the work queue and has them run: claims, heartbeats, cancels, attempts and
 * settlements are its business, the work itself is `run`'s.
 */
export class TaskRunner {
  private readonly inHand = new Set<TaskRecord>();
  private readonly nudges: CancelNudges;
  private readonly loop: WorkLoop;
  private readonly heartbeat: WorkerHeartbeat;

  constructor(options: TaskRunnerOptions) {
    const { bus, worker, stages, slots, encoders, settings, logger, run } = options;
    const clock = options.clock ?? { now: Date.now };
    const stores = openJobStores(bus);
    this.nudges = new CancelNudges(bus);
    const { inHand, nudges } = this;
    const parts: TaskRunParts = { bus, stores, worker, settings, clock, logger, nudges, inHand, run };
    const facts = { id: worker, stages, slots, ...(encoders && { encoders }) };
    this.heartbeat = new WorkerHeartbeat(stores, facts, inHand, clock, logger);
    this.loop = new WorkLoop({
      bus,
      name: worker,
      consumers: LANES.flatMap((lane) => stages.map((stage) => workConsumer(stage, lane))),
      slots,
      ackWaitMs: settings.ackWaitMs,
      drainMs: settings.drainMs ?? 0,
      handle: (message, stopping) => runTask(parts, message, stopping),
      onError: (error, subject) => {
        logger.error({ subject, code: error.code, err: error }, 'a work message could not be handled');
      },
    });
  }

  start(): void {
    this.nudges.start();
    this.heartbeat.start();
    this.loop.start();
  }

  /** Gives back what is in hand, as soon as the runs have let go of it. */
  async stop(): Promise<void> {
    await this.loop.stop();
    await this.nudges.stop();
    await this.heartbeat.stop();
  }

  /** Tasks in work now. */
  get busy(): number {
    return this.inHand.size;
  }
}
