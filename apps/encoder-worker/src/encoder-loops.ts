import { Inject, Injectable } from '@nestjs/common';
import { Bus } from '@clipmesh/bus';
import { ExportError } from '@clipmesh/errors';
import { ENCODERS } from '@clipmesh/ffmpeg';
import { ObjectStore } from '@clipmesh/object-store';
import {
  DEFAULT_RUNNER_SETTINGS,
  LOG,
  ServiceInstance,
  ServiceLoops,
  TaskRunner,
  type WorkLog,
} from '@clipmesh/service-kit';
import { WorkerSettings } from './config';
import { runEncodeTask } from './encode-task';
import { Encoders } from './encoders';
import { FeedReader } from './feed';

/** Takes encode tasks, as many at a time as there are slots. */
@Injectable()
export class EncoderLoops extends ServiceLoops {
  protected readonly loops: readonly TaskRunner[];

  constructor(
    @Inject(Bus) bus: Bus,
    @Inject(ObjectStore) store: ObjectStore,
    @Inject(ServiceInstance) instance: ServiceInstance,
    @Inject(WorkerSettings) settings: WorkerSettings,
    @Inject(LOG) logger: WorkLog,
  ) {
    super();
    const { ackWaitMs, leaseMs, maxAttempts, encodeSlots, encodeDrainMs: drainMs } = settings;
    expectDrained(settings);
    const encoders = new Encoders(store, {
      threads: settings.encodeThreads,
      stallMs: settings.encodeStallMs,
      memoryBytes: settings.encodeMemoryMib * 1024 ** 2,
    });
    const feeds = new FeedReader(store);
    const { encoders: names = [] } = instance.abilities;
    const missing = ENCODERS.filter((name) => !names.includes(name));
    if (missing.length > 0) {
      logger.warn({ missing }, 'the ffmpeg of this worker lacks encoders; tasks that need them fail here');
    }
    this.loops = [
      new TaskRunner({
        bus,
        worker: instance.id,
        stages: ['encode'],
        slots: encodeSlots,
        encoders: names,
        settings: { ...DEFAULT_RUNNER_SETTINGS, ackWaitMs, leaseMs, maxAttempts, drainMs },
        logger,
        run: (task, job, context) => runEncodeTask(encoders, feeds, task, job, context),
      }),
    ];
  }
}

/** A process that leaves while its tasks go on would leave them to their leases. */
function expectDrained({ encodeDrainMs, shutdownGraceMs }: WorkerSettings): void {
  if (encodeDrainMs > 0 && encodeDrainMs >= shutdownGraceMs) {
    throw new ExportError('SettingsInvalid', {
      message: `CLIPMESH_ENCODE_DRAIN_MS is ${encodeDrainMs}, CLIPMESH_SHUTDOWN_GRACE_MS has to be more than that and is ${shutdownGraceMs}`,
      target: 'CLIPMESH_ENCODE_DRAIN_MS',
    });
  }
}
