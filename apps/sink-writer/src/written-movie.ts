import { decodeMoviePlan, toMovie, type MoviePlan } from '@clipmesh/archive';
import { listFiles, type JobRecord, type PlannedFile } from '@clipmesh/contracts';
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

/** The files that the sink writes: as encoded when there is an encoder, else as they lie in the archive. */
export function plannedFiles(job: JobRecord): readonly PlannedFile[] {
  const planned = job.encoded ?? job.planned;
  if (planned === undefined) {
    throw new ExportError('InternalError', { message: `job ${job.name} is to be written and has no plan` });
  }
  return listFiles<PlannedFile>(planned);
}

export async function layOutFile(
  store: ObjectStore,
  { plan: ref }: PlannedFile,
  { title }: JobRecord['pipeline']['sink'],
  options: Abortable,
): Promise<WrittenMovie> {
  const plan = decodeMoviePlan(await store.readAll(ref, { ifMatch: ref.etag, ...options }));
  const movie = toMovie(plan, title === undefined ? {} : { title });
  return { plan, movie, layout: layOutMovie(movie), objects: sourceObjects(plan.objects) };
}
