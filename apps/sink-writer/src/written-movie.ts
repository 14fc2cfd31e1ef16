import { decodeMoviePlan, toMovie, type MoviePlan } from '@clipmesh/archive';
import type { JobRecord } from '@clipmesh/contracts';
import { layOutMovie, type Movie, type MovieLayout } from '@clipmesh/media';
import { sourceObjects, type Abortable, type ObjectStore, type SourceObject } from '@clipmesh/object-store';
import { ExportError } from '@clipmesh/errors';

/** A movie as it is about to be written: the plan, the same as samples, and the same as bytes and spans. */
export interface WrittenMovie {
  readonly plan: MoviePlan;
  readonly movie: Movie;
  readonly layout: MovieLayout;
  readonly objects: readonly SourceObject[];
}

/** The plan that the sink writes: the encoded one when there is an encoder, else the one of the archive. */
export async function layOutJob(
  store: ObjectStore,
  job: JobRecord,
  options: Abortable,
): Promise<WrittenMovie> {
  const ref = (job.encoded ?? job.planned)?.plan;
  if (ref === undefined) {
    throw new ExportError('InternalError', { message: `job ${job.name} is to be written and has no plan` });
  }
  const plan = decodeMoviePlan(await store.readAll(ref, { ifMatch: ref.etag, ...options }));
  const { title } = job.pipeline.sink;
  const movie = toMovie(plan, title === undefined ? {} : { title });
  return { plan, movie, layout: layOutMovie(movie), objects: sourceObjects(plan.objects) };
}
