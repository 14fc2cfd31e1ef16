import { Inject, Injectable } from '@nestjs/common';
import { WorkLoop } from '@clipmesh/bus';
import { SEGMENT_CONSUMER } from '@clipmesh/contracts';
import {
  DEFAULT_RUNNER_SETTINGS,
  LOG,
  Periodic,
  ServiceInstance,
  ServiceLoops,
  TaskRunner,
  type Loop,
  type WorkLog,
} from '@clipmesh/service-kit';
import { ReaderSettings } from './config';
import { ReaderParts } from './reader-parts';

/** Claims are abandoned rarely, and to find them all jobs are read. */
const ABANDONED_EVERY_MS = 5 * 60_000;

/** What segment-reader does by itself: takes segments, plans movies, keeps house. */
@Injectable()
export class ReaderLoops extends ServiceLoops {
  protected readonly loops: readonly Loop[];

  constructor(
    parts: ReaderParts,
    settings: ReaderSettings,
    instance: ServiceInstance,
    @Inject(LOG) log: WorkLog,
  ) {
    super();
    this.loops = [
      intakeLoop(parts, settings, instance, log),
      planRunner(parts, settings, instance, log),
      ...housekeeping(parts, settings, log),
    ];
  }
}

function intakeLoop(
  { bus, intake }: ReaderParts,
  settings: ReaderSettings,
  instance: ServiceInstance,
  log: WorkLog,
): WorkLoop {
  return new WorkLoop({
    bus,
    name: instance.id,
    consumers: [SEGMENT_CONSUMER],
    slots: settings.ingestSlots,
    ackWaitMs: settings.ackWaitMs,
    handle: intake.handle,
    onError: (error, subject) => {
      log.warn({ subject, code: error.code, err: error }, 'a segment could not be taken; it is tried again');
    },
  });
}

function planRunner(
  { bus, planner }: ReaderParts,
  settings: ReaderSettings,
  instance: ServiceInstance,
  log: WorkLog,
): TaskRunner {
  const { ackWaitMs, leaseMs, maxAttempts, planSlots } = settings;
  return new TaskRunner({
    bus,
    worker: instance.id,
    stages: ['plan'],
    slots: planSlots,
    settings: { ...DEFAULT_RUNNER_SETTINGS, ackWaitMs, leaseMs, maxAttempts },
    logger: log,
    run: planner.run,
  });
}

/** All of it may be done by any number of copies at the same time. */
function housekeeping(parts: ReaderParts, settings: ReaderSettings, log: WorkLog): readonly Loop[] {
  const { hours, removal, abandoned } = parts;
  const everyMs = settings.housekeepingMs;
  return [
    new Periodic({ name: 'close hours', everyMs, log, run: () => hours.closeHours() }),
    new Periodic({ name: 'finish removals', everyMs, log, run: () => removal.finishAll() }),
    new Periodic({
      name: 'release abandoned claims',
      everyMs: ABANDONED_EVERY_MS,
      log,
      run: () => abandoned.release(),
    }),
  ];
}
