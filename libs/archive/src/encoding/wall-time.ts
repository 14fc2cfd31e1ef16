import { wallTime, type WallTime } from '@clipmesh/media';
import type { PlanTrack } from '../plan/movie-plan';
import { RunReader } from '../plan/opened-run';

/** When something was recorded that a track shows at a media time; to the millisecond at or before. */
export function wallTimeOf(track: PlanTrack, mediaTime: number): WallTime {
  const reader = new RunReader(track);
  const number = reader.candidates(mediaTime, mediaTime + 1).findLast((candidate) => {
    return firstShown(reader, candidate) <= mediaTime;
  });
  const run = track.runs[number ?? 0];
  const behindMs = (1000 * (mediaTime - firstShown(reader, number ?? 0))) / track.timescale;
  return wallTime(Math.floor((run?.wallStartMs ?? 0) + behindMs));
}

/** The run's wall time is that of the picture that it shows first. */
function firstShown(reader: RunReader, number: number): number {
  return reader.open(number)?.presentation.reduce((first, time) => Math.min(first, time)) ?? 0;
}
