import { wallTime, type WallTime } from '@clipmesh/media';
import type { PlanTrack } from '../plan/movie-plan';

/** When something was recorded that a track has at a media time; to the millisecond at or before. */
export function wallTimeOf({ runs, timescale }: PlanTrack, mediaTime: number): WallTime {
  const run = runs.findLast(({ decodeStart }) => decodeStart <= mediaTime) ?? runs[0];
  const behindMs = (1000 * (mediaTime - (run?.decodeStart ?? 0))) / timescale;
  return wallTime(Math.floor((run?.wallStartMs ?? 0) + behindMs));
}
