import { wallTime, type Movie, type SampleRun, type SampleScratch, type SampleTable } from '@clipmesh/media';
import type { MoviePlan, PlanRun, PlanTrack } from './movie-plan';
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
  const Run = sampleCount(plan) <= KEPT_SAMPLES ? KeptRun : PlannedRun;
  return {
    ranges: plan.ranges,
    tracks: plan.tracks.map((track) => ({ ...track, runs: track.runs.map((run) => new Run(run, track)) })),
    createdAt: plan.delivered[0]?.startMs ?? plan.requested[0]?.startMs ?? wallTime(0),
    ...(options.title === undefined ? {} : { title: options.title }),
  };
}

function sampleCount({ tracks }: MoviePlan): number {
  return tracks.reduce((sum, { runs }) => sum + runs.reduce((count, run) => count + run.sampleCount, 0), 0);
}

/** A class and no literal with a closure: a day has tens of thousands. */
class PlannedRun implements SampleRun {
  constructor(
    private readonly run: PlanRun,
    private readonly track: PlanTrack,
  ) {}

  get object(): number {
    return this.run.object;
  }

  get syncPrefixBytes(): number {
    return this.run.syncPrefixBytes ?? 0;
  }

  readSamples(scratch?: SampleScratch): SampleTable {
    return readRun(this.run, this.track, scratch);
  }
}

class KeptRun extends PlannedRun {
  private table: SampleTable | undefined;

  /** In memory of its own. */
  override readSamples(): SampleTable {
    return (this.table ??= super.readSamples());
  }
}
