import type { Bus } from '@clipmesh/bus';
import {
  partProgressSubject,
  progressSubject,
  type PartProgress,
  type ProgressPhase,
  type ProgressRecord,
  type Stage,
  type TaskRecord,
} from '@clipmesh/contracts';
import type { JobStores } from './job-stores';

const PHASES: Readonly<Partial<Record<Stage, ProgressPhase>>> = {
  plan: 'planning',
  encode: 'encoding',
  write: 'writing',
};

/** A task that is done sooner is no news before its end. */
const FIRST_AFTER_MS = 200;
const EVERY_MS = 1_000;

/** Tells how far a task is: at most once a second, and never in the way of the work. */
export class ProgressReporter {
  private readonly phase: ProgressPhase | undefined;
  private latest: number | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly stores: JobStores,
    private readonly task: TaskRecord,
    private readonly onTrouble: (thrown: unknown) => void,
  ) {
    this.phase = PHASES[task.stage];
    if (this.phase !== undefined) {
      this.timer = setTimeout(() => {
        this.report();
      }, FIRST_AFTER_MS);
    }
  }

  readonly note = (percent: number): void => {
    this.latest = Math.min(100, Math.max(0, percent));
  };

  stop(): void {
    clearTimeout(this.timer);
  }

  private report(): void {
    this.timer = setTimeout(() => {
      this.report();
    }, EVERY_MS);
    if (this.latest !== undefined || this.task.attempt > 1) {
      this.send(this.latest ?? 0);
      this.latest = undefined;
    }
  }

  private send(percent: number): void {
    const { jobId, attempt, stage, task } = this.task;
    if (this.phase === undefined) {
      return;
    }
    if (stage === 'encode') {
      // One of many: the scheduler puts them together.
      const part: PartProgress = { format: 1, jobId, task, percent, attempt };
      this.nudge(partProgressSubject(jobId), part);
      return;
    }
    const record: ProgressRecord = { format: 1, phase: this.phase, percent, attempt };
    this.nudge(progressSubject(jobId), record);
    // Best effort: the next report comes in a second.
    this.stores.progress.put(jobId, record).catch(this.onTrouble);
  }

  private nudge(subject: string, body: object): void {
    try {
      this.bus.nudge(subject, body);
    } catch (thrown) {
      this.onTrouble(thrown);
    }
  }
}
