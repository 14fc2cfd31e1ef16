import { byteSpans, rescale, ticks, type MediaRange } from '@clipmesh/media';
import type { MoviePlan, PlanTrack, PlanWindow } from '../plan/movie-plan';
import { readRun } from '../plan/read-run';
import { planOfWindow } from '../plan/sub-plan';

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
    plan: { ...plan, tracks: [sound], ranges: soundRanges(sound) },
    from: start,
    to: Math.max(start, presentation.mediaTime + presentation.duration),
    timescale,
  };
}

/** Bytes of the samples. Not whole leaves: nobody verifies a feed. */
function soundRanges(sound: PlanTrack): MediaRange[] {
  const ranges: { object: number; offset: number; length: number }[] = [];
  for (const run of sound.runs) {
    for (const { offset, length } of byteSpans(readRun(run, sound))) {
      const last = ranges.at(-1);
      const end = last === undefined ? 0 : last.offset + last.length;
      if (last?.object === run.object && offset >= last.offset && offset - end <= SMALL_HOLE_BYTES) {
        last.length = Math.max(last.length, offset + length - last.offset);
      } else {
        ranges.push({ object: run.object, offset, length });
      }
    }
  }
  return ranges;
}
