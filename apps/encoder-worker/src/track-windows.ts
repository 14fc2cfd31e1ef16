import type { MoviePlan } from '@clipmesh/archive';
import type { EncodeWindow, TickWindow } from '@clipmesh/ffmpeg';

/** What the plan of a window shows of each track, in the ticks of the laid-out file. */
export function trackWindows(plan: MoviePlan): EncodeWindow {
  return Object.fromEntries(
    plan.tracks.map(({ kind, timescale, presentation: { mediaTime, duration } }): [string, TickWindow] => [
      kind,
      { from: mediaTime, to: mediaTime + duration, timescale },
    ]),
  );
}
