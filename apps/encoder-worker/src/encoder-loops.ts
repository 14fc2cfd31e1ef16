import { Inject, Injectable } from '@nestjs/common';
import { Bus } from '@clipmesh/bus';
import { ObjectStore } from '@clipmesh/object-store';
import {
  DEFAULT_RUNNER_SETTINGS,
  LOG,
  ServiceInstance,
  ServiceLoops,
  TaskRunner,
  type WorkLog,
} from '@clipmesh/service-kit';
import { EncoderSettings } from './config';
import { encodeMovie } from './encode-task';

/** Takes encode tasks, as many at a time as there are slots. */
@Injectable()
export class EncoderLoops extends ServiceLoops {
  protected readonly loops: readonly TaskRunner[];

  constructor(
    @Inject(Bus) bus: Bus,
    @Inject(ObjectStore) store: ObjectStore,
    @Inject(ServiceInstance) instance: ServiceInstance,
    @Inject(EncoderSettings) settings: EncoderSettings,
    @Inject(LOG) logger: WorkLog,
  ) {
    super();
    const { ackWaitMs, leaseMs, maxAttempts, encodeSlots, encodeThreads } = settings;
    this.loops = [
      new TaskRunner({
        bus,
        worker: instance.id,
        stages: ['encode'],
        slots: encodeSlots,
        settings: { ...DEFAULT_RUNNER_SETTINGS, ackWaitMs, leaseMs, maxAttempts },
        logger,
        run: (task, job, context) => encodeMovie(store, task, job, context, { threads: encodeThreads }),
      }),
    ];
  }
}
