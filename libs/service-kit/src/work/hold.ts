import type { KvRecord, KvStore } from '@clipmesh/bus';
import type { TaskRecord } from '@clipmesh/contracts';
import { wallTime, type WallTime } from '@clipmesh/media';
import { ExportError, toExportError } from '@clipmesh/errors';
import { renewLease, type TaskChange } from '@clipmesh/pipeline';

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface HoldOptions {
  readonly tasks: KvStore<TaskRecord>;
  readonly leaseMs: number;
  readonly clock: Clock;
  /** Whether the job still wants the task, by its record. */
  readonly isWanted: () => Promise<boolean>;
  /** Told of a heartbeat that did not get through; the lease's end decides what follows. */
  readonly onTrouble: (error: ExportError) => void;
}

/**
 * A claim on a task, kept alive by heartbeats of a third of the lease.
 *
 * Every write goes to the revision that this claim wrote last: when anybody else has changed the record, the hold is
 * lost, and nothing that its worker did counts. The signal aborts then, or when the job does not want the task any
 * more, or when the lease ends because NATS is away.
 */
export class Hold {
  private readonly aborting = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;
  private leaseEnd: NodeJS.Timeout;
  private beating: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    private record: KvRecord<TaskRecord>,
    private readonly options: HoldOptions,
  ) {
    this.heartbeat = setInterval(() => {
      this.beat();
    }, options.leaseMs / 3);
    this.leaseEnd = this.endsAfter(options.leaseMs);
  }

  /** Its reason is an `ExportError`: `JobCanceled` or `LeaseLost`. */
  get signal(): AbortSignal {
    return this.aborting.signal;
  }

  get task(): TaskRecord {
    return this.record.value;
  }

  /** Looks whether the job still wants the task, and aborts when it does not. */
  async check(): Promise<void> {
    try {
      if (!(await this.options.isWanted())) {
        this.abort('JobCanceled', 'the job does not want this task any more');
      }
    } catch (thrown) {
      this.options.onTrouble(toExportError(thrown));
    }
  }

  /** Saves the last change of this claim. `undefined`: the claim was lost, and nothing is saved. */
  async end(
    change: (task: TaskRecord, now: WallTime) => TaskChange<TaskRecord>,
  ): Promise<TaskRecord | undefined> {
    this.stop();
    // A heartbeat that is under way knows the revision that comes next.
    await this.beating;
    const changed = change(this.record.value, this.now());
    if ('refused' in changed) {
      throw new ExportError('InternalError', {
        message: `task ${this.record.key} cannot end so: ${changed.refused}`,
      });
    }
    return (await this.save(changed.task)) ? changed.task : undefined;
  }

  /** Lets the heartbeats end. */
  stop(): void {
    this.isStopped = true;
    clearInterval(this.heartbeat);
    clearTimeout(this.leaseEnd);
  }

  private beat(): void {
    this.beating ??= this.renew().finally(() => {
      this.beating = undefined;
    });
  }

  private async renew(): Promise<void> {
    const { leaseMs } = this.options;
    const sentAt = this.now();
    try {
      const renewed = renewLease(this.record.value, { leaseMs }, sentAt);
      if ('refused' in renewed || !(await this.save(renewed.task))) {
        this.abort('LeaseLost', `somebody else has changed task ${this.record.key}`);
        return;
      }
      clearTimeout(this.leaseEnd);
      if (!this.isStopped) {
        this.leaseEnd = this.endsAfter(sentAt + leaseMs - this.now());
      }
    } catch (thrown) {
      this.options.onTrouble(toExportError(thrown));
      return;
    }
    await this.check();
  }

  /** Whether the claim still stood. */
  private async save(task: TaskRecord): Promise<boolean> {
    const { key, revision } = this.record;
    try {
      this.record = { key, value: task, revision: await this.options.tasks.update(key, task, revision) };
      return true;
    } catch (thrown) {
      if (thrown instanceof ExportError && thrown.code === 'RevisionStale') {
        return false;
      }
      throw thrown;
    }
  }

  private endsAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.abort('LeaseLost', `the lease of task ${this.record.key} could not be renewed in time`);
    }, ms);
  }

  private abort(code: 'JobCanceled' | 'LeaseLost', message: string): void {
    this.stop();
    this.aborting.abort(new ExportError(code, { message }));
  }

  private now(): WallTime {
    return wallTime(this.options.clock.now());
  }
}
