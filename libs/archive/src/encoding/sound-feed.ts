import { rescale, ticks } from '@clipmesh/media';
import type { MoviePlan, PlanWindow } from '../plan/movie-plan';
import { planOfWindow } from '../plan/sub-plan';
import { sampleRanges } from './sample-ranges';

/** A decoder needs what comes before: two samples of AAC, with some to spare. */
const LEAD_IN_SECONDS = 0.1;
/** Bytes that are not sound and still cost less to read than another request. */
const SMALL_HOLE_BYTES = 64 * 1024;

/** The sound of a window alone, to be fed to a decoder. */
export interface SoundFeed {
  /** It has sound and nothing else. */
  readonly plan: MoviePlan;
  /** What of it is the window, in ticks of its own file. */
  readonly from: number;
  readonly to: number;
  readonly timescale: number;
}

/** `undefined` when there is no sound in the window. */
export function soundFeed(source: MoviePlan, { range, from, to }: PlanWindow): SoundFeed | undefined {
  const [main] = source.tracks;
  const leadIn = Math.min(from, Math.round(LEAD_IN_SECONDS * (main?.timescale ?? 1)));
  const plan = planOfWindow(source, { range, from: ticks(from - leadIn), to });
  const sound = plan.tracks.find(({ kind }) => kind === 'audio');
  if (main === undefined || sound === undefined) {
    return undefined;
  }
  const { timescale, presentation } = sound;
  const start = presentation.mediaTime + rescale(leadIn, main.timescale, timescale, 'round');
  return {
    plan: { ...plan, tracks: [sound], ranges: sampleRanges(sound, SMALL_HOLE_BYTES) },
    from: start,
    to: Math.max(start, presentation.mediaTime + presentation.duration),
    timescale,
  };
}
