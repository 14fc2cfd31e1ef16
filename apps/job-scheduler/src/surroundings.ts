import type { Bus } from '@clipmesh/bus';
import { wallTime, type WallTime } from '@clipmesh/media';
import type { Clock, JobStores, WorkLog } from '@clipmesh/service-kit';

export interface SchedulerSettings {
  /** A job that has not committed so long after its creation fails. */
  readonly deadlineMs: number;
  /** How long the record of an ended job is kept. */
  readonly retentionMs: number;
  readonly reconcileMs: number;
  /** A queued task older than this without a message on the queue has lost it. */
  readonly staleAfterMs: number;
  readonly ackWaitMs: number;
  readonly maxAttempts: number;
  /** How long `jobs.delete` waits for the cleaning of a job that has just ended. */
  readonly cleanWaitMs: number;
}

const SECOND_MS = 1_000;
const DAY_MS = 24 * 3600 * SECOND_MS;

export const DEFAULT_SETTINGS: SchedulerSettings = {
  deadlineMs: 7 * DAY_MS,
  retentionMs: 30 * DAY_MS,
  reconcileMs: 10 * SECOND_MS,
  staleAfterMs: 10 * SECOND_MS,
  ackWaitMs: 30 * SECOND_MS,
  maxAttempts: 5,
  cleanWaitMs: 5 * SECOND_MS,
};

/** What everything in this service is given. */
export interface Surroundings {
  readonly bus: Bus;
  readonly stores: JobStores;
  readonly settings: SchedulerSettings;
  readonly clock: Clock;
  readonly logger: WorkLog;
}

export const nowOf = ({ clock }: Pick<Surroundings, 'clock'>): WallTime => wallTime(clock.now());
