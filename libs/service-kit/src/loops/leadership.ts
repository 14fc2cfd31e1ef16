import type { KvRecord, KvStore } from '@clipmesh/bus';
import { ExportError } from '@clipmesh/errors';
import type { WorkLog } from '../work/work-log';
import { Periodic } from './periodic';

/** What stands in the bucket `leases` while somebody leads. */
export interface LeaseRecord {
  readonly format: 1;
  readonly holder: string;
  /** Counts the renewals, so that each one is a new revision. */
  readonly renewal: number;
}

export interface LeadershipOptions {
  readonly leases: Pick<KvStore<LeaseRecord>, 'get' | 'create' | 'update' | 'delete'>;
  /** What is led; the key in `leases`. */
  readonly of: string;
  /** Names this process among all that may lead. */
  readonly holder: string;
  readonly log: WorkLog;
  readonly leaseMs?: number;
  /** A clock that never jumps. */
  readonly now?: () => number;
}

const LEASE_MS = 10_000;

/**
 * One process leads at a time: the one whose lease stands in the bucket. It is renewed at a third of its length.
 *
 * No clock is compared with another machine's: others take a lease over when its revision has not moved for its whole
 * length by their own clock, and the holder stops believing in it that long after it last asked for it.
 */
export class Leadership {
  private readonly leaseMs: number;
  private readonly now: () => number;
  private readonly loop: Periodic;
  private held: { revision: number; renewal: number; until: number } | undefined;
  private seen: { revision: number; at: number } | undefined;

  constructor(private readonly options: LeadershipOptions) {
    this.leaseMs = options.leaseMs ?? LEASE_MS;
    this.now = options.now ?? (() => performance.now());
    this.loop = new Periodic({
      name: `leadership of ${options.of}`,
      everyMs: this.leaseMs / 3,
      log: options.log,
      run: () => this.step(),
    });
  }

  isLeader(): boolean {
    return this.held !== undefined && this.now() < this.held.until;
  }

  start(): void {
    this.loop.start();
  }

  /** Gives the lease back, so that another need not wait for its end. */
  async stop(): Promise<void> {
    await this.loop.stop();
    const { held } = this;
    this.held = undefined;
    if (held !== undefined) {
      try {
        await this.options.leases.delete(this.options.of, held.revision);
      } catch (error) {
        // Taken over or out of reach: either way it ends by itself.
        this.options.log.debug({ err: error }, 'a leadership could not be given back');
      }
    }
  }

  /** Renews the lease, or takes it when it is free; called by the loop. */
  async step(): Promise<void> {
    if (this.held !== undefined) {
      await this.renew(this.held);
      return;
    }
    const record = await this.options.leases.get(this.options.of);
    if (record === undefined) {
      await this.take(() => this.options.leases.create(this.options.of, this.lease(0)));
    } else if (this.hasRunOut(record)) {
      await this.take(() => this.options.leases.update(record.key, this.lease(0), record.revision));
    }
  }

  private async renew(held: { revision: number; renewal: number }): Promise<void> {
    const renewal = held.renewal + 1;
    await this.take(
      () => this.options.leases.update(this.options.of, this.lease(renewal), held.revision),
      renewal,
    );
  }

  private async take(write: () => Promise<number | undefined>, renewal = 0): Promise<void> {
    // Counted from before the question: the server may have written it the moment after.
    const until = this.now() + this.leaseMs;
    const led = this.isLeader();
    const revision = await write().catch((error: unknown) => {
      if (error instanceof ExportError && error.code === 'RevisionStale') {
        return undefined;
      }
      throw error;
    });
    this.held = revision === undefined ? undefined : { revision, renewal, until };
    if (led !== this.isLeader()) {
      this.options.log.info({ of: this.options.of, leads: this.isLeader() }, 'leadership changed');
    }
  }

  /** Whether somebody else's lease has stood unmoved before our eyes for its whole length. */
  private hasRunOut({ revision }: KvRecord<LeaseRecord>): boolean {
    if (this.seen?.revision !== revision) {
      this.seen = { revision, at: this.now() };
      return false;
    }
    return this.now() - this.seen.at >= this.leaseMs;
  }

  private lease(renewal: number): LeaseRecord {
    return { format: 1, holder: this.options.holder, renewal };
  }
}
