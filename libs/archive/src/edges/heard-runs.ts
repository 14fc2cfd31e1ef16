import { decodeTimes, decodeTrackIndex, ticks } from '@clipmesh/media';
import { wallTimeOf } from '../encoding/wall-time';
import { cutTrack } from '../plan/cut-track';
import type { MoviePlan, PlanRun, PlanTrack, PlanWindow } from '../plan/movie-plan';
import { mediaTimeIn } from '../plan/sub-plan';

/** Sound behind a seam that was recorded so much earlier or later than its pictures belongs to what is before the seam. */
const MOST_APART_MS = 100;

/** A plan's pictures and the sound beside them. */
export interface TrackPair {
  readonly main: PlanTrack;
  readonly sound: PlanTrack;
}

/** `undefined` when there is no sound, or nothing but sound. */
export function trackPair({ tracks }: Pick<MoviePlan, 'tracks'>): TrackPair | undefined {
  const [main] = tracks;
  const sound = tracks.find(({ kind }) => kind === 'audio');
  return main === undefined || sound === undefined || sound === main ? undefined : { main, sound };
}

/** The sound of a stretch of windows, at the times that its pictures have. */
export function heardRuns({ main, sound }: TrackPair, stretch: readonly PlanWindow[]): readonly PlanRun[] {
  const start = stretch[0]?.from ?? 0;
  const from = mediaTimeIn(main, sound, start);
  const to = mediaTimeIn(main, sound, stretch.at(-1)?.to ?? 0);
  const wallMs = wallTimeOf(main, start);
  const isOfStretch = (run: PlanRun): boolean => {
    const behindMs = (1000 * (run.decodeStart - from)) / sound.timescale;
    return Math.abs(run.wallStartMs - wallMs - behindMs) < MOST_APART_MS;
  };
  const runsOf = (late: number): readonly PlanRun[] => {
    const runs = cutTrack(sound, from + late, to + late)?.runs ?? [];
    return runs.slice(Math.max(0, runs.findIndex(isOfStretch)));
  };
  const [first] = runsOf(0);
  const late = first === undefined ? 0 : lateness({ main, sound }, first);
  return runsOf(late).map((run) => ({ ...run, decodeStart: ticks(run.decodeStart - late) }));
}

/** How much later sound is planned than the pictures of its object: behind a seam by less than a sample. */
function lateness(pair: TrackPair, run: PlanRun): number {
  const pictures = picturesBeside(pair, run, pair.main.runs);
  return pictures === undefined ? 0 : latenessTo(pair, pictures, run);
}

function latenessTo({ main, sound }: TrackPair, pictures: PlanRun, run: PlanRun): number {
  const apart = Math.round((recordedAt(run) - recordedAt(pictures)) * sound.timescale);
  return run.decodeStart - mediaTimeIn(main, sound, pictures.decodeStart) - apart;
}

/** Decode time of a run's first sample in its object, in seconds. */
function recordedAt({ track, firstSample }: PlanRun): number {
  const { decodeStart, samples, timescale } = decodeTrackIndex(track);
  return (decodeStart + (decodeTimes(samples)[firstSample] ?? 0)) / timescale;
}

/** Of the pictures of a run's object, which may stand several times in a plan, those that it is planned to be heard with. */
export function picturesBeside(
  pair: TrackPair,
  run: PlanRun,
  pictures: readonly PlanRun[],
): PlanRun | undefined {
  const [only, ...others] = pictures.filter(({ object }) => object === run.object);
  const distance = (one: PlanRun): number => Math.abs(latenessTo(pair, one, run));
  return others.reduce<PlanRun | undefined>(
    (nearest, one) => (nearest === undefined || distance(one) < distance(nearest) ? one : nearest),
    only,
  );
}
