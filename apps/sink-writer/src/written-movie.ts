import { toMovie, type MoviePlan } from '@clipmesh/archive';
import { listFiles, type JobRecord, type PlannedFile, type TaskRecord } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { layOutMovie, type Movie, type MovieLayout } from '@clipmesh/media';
import { sourceObjects, type Abortable, type ObjectStore, type SourceObject } from '@clipmesh/object-store';
import { joinEncoded, readPlan } from './join-encoded';

/** A movie as it is about to be written: the plan, the same as samples, and the same as bytes and spans. */
export interface WrittenMovie {
  readonly plan: MoviePlan;
  readonly movie: Movie;
  readonly layout: MovieLayout;
  readonly objects: readonly SourceObject[];
}

/** One of a job's files, before it is laid out. */
export interface FilePlan {
  /** How much of the job's work it is, beside the others. */
  readonly weight: number;
  readonly read: (options: Abortable) => Promise<MoviePlan>;
}

/** The files that the sink writes: as encoders made them when there are any, else as they lie in the archive. */
export function filePlans(
  store: ObjectStore,
  job: JobRecord,
  encodeTasks: () => Promise<readonly TaskRecord[]>,
): readonly FilePlan[] {
  const { planned } = job;
  if (planned === undefined) {
    throw new ExportError('InternalError', { message: `job ${job.name} is to be written and has no plan` });
  }
  if (planned.feed !== undefined) {
    return [{ weight: 1, read: async (options) => joinEncoded(store, job, await encodeTasks(), options) }];
  }
  return listFiles<PlannedFile>(planned).map(({ plan, summary }) => ({
    weight: summary.mediaBytes,
    read: (options) => readPlan(store, plan, options),
  }));
}

export function layOut(plan: MoviePlan, { title }: JobRecord['pipeline']['sink']): WrittenMovie {
  const movie = toMovie(plan, title === undefined ? {} : { title });
  return { plan, movie, layout: layOutMovie(movie), objects: sourceObjects(plan.objects) };
}
