import { ticks } from '@clipmesh/media';
import { sampleRanges } from '../encoding/sample-ranges';
import { cutTrack } from '../plan/cut-track';
import type { MoviePlan, PlanRun, PlanTrack, PlanWindow } from '../plan/movie-plan';
import { mediaTimeIn } from '../plan/sub-plan';
import { stretchOf } from './edge-windows';
import { stretchSound } from './stretch-sound';

/**
 * What a window that is encoded takes of the recording as it is: sound, and frames that can stand alone but lie among others
 * that were not asked for. A plan of these samples and no byte more, whose time 0 is the window's start; `undefined`: nothing.
 */
export function copiesOf(plan: MoviePlan, window: PlanWindow): MoviePlan | undefined {
  const [main] = plan.tracks;
  const sound = plan.tracks.find(({ kind }) => kind === 'audio');
  if (main === undefined) {
    return undefined;
  }
  const pictures = window.copiedTo === undefined ? undefined : cutTrack(main, window.from, window.copiedTo);
  const startOf = (track: PlanTrack): number => mediaTimeIn(main, track, window.from);
  const endOf = (track: PlanTrack): number =>
    mediaTimeIn(main, track, track === main ? (window.copiedTo ?? window.to) : window.to);
  const tracks = [
    moved(main, pictures?.runs ?? [], startOf(main), endOf(main)),
    ...(sound === undefined ? [] : [moved(sound, soundFor(plan, window), startOf(sound), endOf(sound))]),
  ].filter(({ runs }) => runs.length > 0);
  return tracks.length === 0
    ? undefined
    : { ...plan, tracks, ranges: tracks.flatMap((track) => sampleRanges(track)), windows: [] };
}

/** Sound that lies beside encoded pictures belongs to the window before the copied one, or to that behind it. */
function soundFor(plan: MoviePlan, window: PlanWindow): readonly PlanRun[] {
  const stretch = stretchOf(plan, window);
  const { before, behind } = stretchSound(plan, stretch);
  const number = stretch.findIndex(({ from }) => from === window.from);
  if (number === 0) {
    return before;
  }
  return stretch[number - 1]?.isCopied === true ? behind : [];
}

/** A track of these runs alone that shows `[start, end)` of the plan. */
function moved(track: PlanTrack, runs: readonly PlanRun[], start: number, end: number): PlanTrack {
  const zero = runs[0]?.decodeStart ?? 0;
  return {
    ...track,
    presentation: { mediaTime: ticks(start - zero), duration: ticks(end - start) },
    runs: runs.map((run) => ({ ...run, decodeStart: ticks(run.decodeStart - zero) })),
  };
}
