import type { Clock } from '../work/hold';
import type { WorkLog } from '../work/work-log';

/** `@Inject(LOG) private readonly log: WorkLog`; lines carry the name of the service. */
export const LOG = Symbol('log');
/** `@Inject(CLOCK) private readonly clock: Clock`. */
export const CLOCK = Symbol('clock');

export type { Clock, WorkLog };
