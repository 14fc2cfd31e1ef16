import { wallTime, type Movie } from '@clipmesh/media';
import type { MoviePlan } from './movie-plan';
import { readRun } from './read-run';

export interface MovieOptions {
  /** Written into the file only when given. */
  readonly title?: string;
}

/** About four hours of a camera, in 13 bytes a sample. */
const KEPT_SAMPLES = 2 ** 20;

/**
 * A plan as a movie to be laid out. The same plan and title give the same file: its times are the wall time of the
 * first delivered sample. Sample tables are read run by run while the movie is laid out, which goes over them twice: those of
 * a short movie are kept in between, those of a long one are read again.
 */
export function toMovie(plan: MoviePlan, options: MovieOptions = {}): Movie {
  const readTable = sampleCount(plan) <= KEPT_SAMPLES ? once : anew;
  return {
    ranges: plan.ranges,
    tracks: plan.tracks.map((track) => ({
      ...track,
      runs: track.runs.map((run) => ({
        object: run.object,
        readSamples: readTable(() => readRun(run, track)),
        ...(run.syncPrefixBytes === undefined ? {} : { syncPrefixBytes: run.syncPrefixBytes }),
      })),
    })),
    createdAt: plan.delivered[0]?.startMs ?? plan.requested[0]?.startMs ?? wallTime(0),
    ...(options.title === undefined ? {} : { title: options.title }),
  };
}

function sampleCount({ tracks }: MoviePlan): number {
  return tracks.reduce((sum, { runs }) => sum + runs.reduce((count, run) => count + run.sampleCount, 0), 0);
}

const anew = <T>(make: () => T): (() => T) => make;

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
