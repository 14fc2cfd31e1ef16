import type { Clock } from '../work/hold';
import type { WorkLog } from '../work/work-log';

/** `@Inject(LOG) private readonly log: WorkLog`; lines carry the name of the service. */
export const LOG = Symbol('log');
/** `@Inject(CLOCK) private readonly clock: Clock`. */
export const CLOCK = Symbol('clock');

export type { Clock, WorkLog };

/** Who this process is among all of the mesh; inject it by its class. */
export class ServiceInstance {
  constructor(
    /** The app, such as `encoder-worker`; copies share it. */
    readonly service: string,
    /** This copy, for as long as it lives; letters, digits, `_` and `-`. */
    readonly id: string,
  ) {}
}
