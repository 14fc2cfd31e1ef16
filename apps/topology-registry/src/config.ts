import { MeshSettings } from '@clipmesh/service-kit';
import { IsInt, Max, Min } from 'class-validator';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export class RegistrySettings extends MeshSettings {
  /** How much the ranges of a job may hold together. */
  @IsInt()
  @Min(1_000)
  @Max(7 * DAY_MS)
  rangeMaxSpanMs = DAY_MS;

  /** How far ahead of now a range may end. */
  @IsInt()
  @Min(0)
  @Max(7 * DAY_MS)
  rangeMaxFutureMs = DAY_MS;
}
