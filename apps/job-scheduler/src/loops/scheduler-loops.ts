import { jsonCodec } from '@clipmesh/bus';
import { KV } from '@clipmesh/contracts';
import { Leadership, Periodic, ServiceLoops, type LeaseRecord, type Loop } from '@clipmesh/service-kit';
import type { Scheduler } from '../scheduler';

/** One scheduler at a time reconciles; a dead one is followed after so long at most. */
const LONGEST_LEASE_MS = 10_000;

export interface LeaderFacts {
  readonly holder: string;
  readonly leaseMs: number;
}

/** Every copy takes results; the one that leads reconciles. */
export class SchedulerLoops extends ServiceLoops {
  protected readonly loops: readonly Loop[];

  constructor(scheduler: Scheduler, { holder, leaseMs }: LeaderFacts) {
    super();
    const { bus, logger, settings } = scheduler.around;
    const leadership = new Leadership({
      leases: bus.kv(KV.leases, jsonCodec<LeaseRecord>(1)),
      of: 'reconcile',
      holder,
      log: logger,
      leaseMs: Math.min(leaseMs, LONGEST_LEASE_MS),
    });
    const reconcile = new Periodic({
      name: 'reconcile',
      everyMs: settings.reconcileMs,
      log: logger,
      run: (signal) => (leadership.isLeader() ? scheduler.reconciler.pass(signal) : Promise.resolve()),
    });
    this.loops = [scheduler.index, scheduler.results, leadership, reconcile];
  }
}
