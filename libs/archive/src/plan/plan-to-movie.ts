import { wallTime, type Movie } from '@clipmesh/media';
import type { MoviePlan } from './movie-plan';
import { readRun } from './read-run';

export interface MovieOptions {
  /** Written into the file only when given. */
  readonly title?: string;
}

/**
 * A plan as a movie to be laid out. The same plan and title give the same file: its times are the wall time of the
 * first delivered sample. Sample tables are read run by run while the movie is laid out.
 */
export function toMovie(plan: MoviePlan, options: MovieOptions = {}): Movie {
  return {
    ranges: plan.ranges,
    tracks: plan.tracks.map((track) => ({
      ...track,
      runs: track.runs.map((run) => ({
        object: run.object,
        readSamples: () => readRun(run, track),
        ...(run.syncPrefixBytes === undefined ? {} : { syncPrefixBytes: run.syncPrefixBytes }),
      })),
    })),
    createdAt: plan.delivered[0]?.startMs ?? plan.requested[0]?.startMs ?? wallTime(0),
    ...(options.title === undefined ? {} : { title: options.title }),
  };
}
