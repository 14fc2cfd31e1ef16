import { MeshSettings } from '@clipmesh/service-kit';
import { IsInt, Max, Min } from 'class-validator';
import { DEFAULT_SETTINGS } from './surroundings';

const DAY_MS = 24 * 3_600_000;

export class SchedulerConfig extends MeshSettings {
  /** A job that has not committed so long after its creation fails. Scratch is kept longer than that by the store. */
  @IsInt()
  @Min(1_000)
  @Max(13 * DAY_MS)
  jobDeadlineMs = DEFAULT_SETTINGS.deadlineMs;

  /** How long the record of an ended job is kept. */
  @IsInt()
  @Min(1_000)
  jobRetentionMs = DEFAULT_SETTINGS.retentionMs;

  /** How often jobs are looked at for what a crash has left. */
  @IsInt()
  @Min(10)
  reconcileMs = DEFAULT_SETTINGS.reconcileMs;

  /** A queued task older than this without a message on the queue has lost it. */
  @IsInt()
  @Min(10)
  taskStaleAfterMs = DEFAULT_SETTINGS.staleAfterMs;
}
