import { Module } from '@nestjs/common';
import { Bus } from '@clipmesh/bus';
import { CLOCK, LOG, openJobStores, ServiceInstance, type Clock, type WorkLog } from '@clipmesh/service-kit';
import { SchedulerConfig } from './config';
import { JobsController } from './jobs.controller';
import { SchedulerLoops } from './loops/scheduler-loops';
import { Scheduler } from './scheduler';
import { DEFAULT_SETTINGS, type SchedulerSettings } from './surroundings';

@Module({
  controllers: [JobsController],
  providers: [
    { provide: Scheduler, inject: [Bus, SchedulerConfig, CLOCK, LOG], useFactory: makeScheduler },
    {
      provide: SchedulerLoops,
      inject: [Scheduler, ServiceInstance, SchedulerConfig],
      useFactory: (scheduler: Scheduler, instance: ServiceInstance, { leaseMs }: SchedulerConfig) =>
        new SchedulerLoops(scheduler, { holder: instance.id, leaseMs }),
    },
  ],
})
export class JobSchedulerModule {}

function makeScheduler(bus: Bus, config: SchedulerConfig, clock: Clock, logger: WorkLog): Scheduler {
  const settings: SchedulerSettings = {
    deadlineMs: config.jobDeadlineMs,
    retentionMs: config.jobRetentionMs,
    reconcileMs: config.reconcileMs,
    staleAfterMs: config.taskStaleAfterMs,
    ackWaitMs: config.ackWaitMs,
    maxAttempts: config.maxAttempts,
    cleanWaitMs: DEFAULT_SETTINGS.cleanWaitMs,
  };
  return new Scheduler({ bus, stores: openJobStores(bus), settings, clock, logger });
}
