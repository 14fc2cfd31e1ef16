import { jsonCodec } from '@clipmesh/bus';
import { KV } from '@clipmesh/contracts';
import { Leadership, Periodic, ServiceLoops, type LeaseRecord, type Loop } from '@clipmesh/service-kit';
import type { Scheduler } from '../scheduler';

/** One scheduler at a time reconciles; a dead one is followed after so long at most. */
const LONGEST_LEASE_MS = 10_000;
const LOOK_EVERY_MS = 2_000;
/** Twice a second at most. */
const TELL_EVERY_MS = 500;

export interface LeaderFacts {
  readonly holder: string;
  readonly leaseMs: number;
}

/** Every copy takes results; the one that leads hands out encode tasks and reconciles. */
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
    const dispatcher = scheduler.dispatcherFor(() => leadership.isLeader());
    const count = new Periodic({
      name: 'count of workers',
      everyMs: Math.min(settings.reconcileMs, LOOK_EVERY_MS),
      log: logger,
      run: () => dispatcher.look(),
    });
    const tell = new Periodic({
      name: 'progress of encoding',
      everyMs: TELL_EVERY_MS,
      log: logger,
      run: () => (leadership.isLeader() ? dispatcher.tell() : Promise.resolve()),
    });
    this.loops = [scheduler.index, scheduler.results, leadership, dispatcher, count, tell, reconcile];
  }
}
