import { LANES, type JobView } from '@clipmesh/contracts';
import { isFinal } from '@clipmesh/pipeline';
import { encodingOf } from './dispatch/encode-ledger';
import type { JobIndex } from './job-index';
import type { StoredJob } from './job-service';
import { viewJob } from './job-view';
import type { Surroundings } from './surroundings';

/** What a view is made of beside the record. */
export interface ViewParts {
  readonly around: Pick<Surroundings, 'stores'>;
  readonly index: JobIndex;
}

/**
 * The view of a job, with what its workers have told of their progress as long as it runs, and while nobody has begun to encode
 * it how many jobs are before it.
 */
export async function viewWithProgress(
  { around, index }: ViewParts,
  { value: job }: StoredJob,
): Promise<JobView> {
  const progress = isFinal(job.state) ? undefined : await around.stores.progress.get(job.id);
  const own = encodingOf(job);
  const isWaiting = own !== undefined && progress?.value.phase !== 'encoding';
  return viewJob(job, progress?.value, isWaiting ? jobsBefore(index, own) : undefined);
}

function jobsBefore(index: JobIndex, own: NonNullable<ReturnType<typeof encodingOf>>): number {
  const lane = LANES.indexOf(own.lane);
  let before = 0;
  for (const other of index.encoding()) {
    const otherLane = LANES.indexOf(other.lane);
    before += Number(otherLane < lane || (otherLane === lane && other.createdAtMs < own.createdAtMs));
  }
  return before;
}
