import { Dispatcher } from './dispatch/dispatcher';
import type { WorkLoop } from '@clipmesh/bus';
import { JobDriver } from './job-driver';
import { JobIndex } from './job-index';
import { JobService } from './job-service';
import { Reconciler } from './loops/reconcile';
import { makeResultLoop } from './loops/take-results';
import type { Surroundings } from './surroundings';

/** The parts of this service, put together. */
export class Scheduler {
  readonly index: JobIndex;
  readonly service: JobService;
  readonly driver: JobDriver;
  readonly reconciler: Reconciler;
  readonly results: WorkLoop;

  constructor(readonly around: Surroundings) {
    this.index = new JobIndex(around);
    this.service = new JobService(around, this.index);
    this.driver = new JobDriver(around, this.service);
    this.reconciler = new Reconciler(around, this.index, this.service, this.driver);
    this.results = makeResultLoop(around, this.driver);
  }

  dispatcherFor(isLeader: () => boolean): Dispatcher {
    return new Dispatcher(this.around, this.index, this.service, this.driver, isLeader);
  }
}
