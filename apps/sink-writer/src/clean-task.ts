import {
  BUCKETS,
  ONLY_TASK,
  partKey,
  scratchPrefix,
  type JobRecord,
  type TaskOutcome,
} from '@clipmesh/contracts';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';
import type { TaskContext } from '@clipmesh/service-kit';
import { abortUploads, claimsBefore, removeClaims } from './earlier-claims';

/** How often the tasks that leave something were taken: each claim wrote under keys of its own. */
export interface ClaimCounts {
  readonly encode: number;
  readonly write: number;
}

/**
 * Removes what a job leaves behind: its plans and parts, and every file but the committed one, uploads that are still
 * open included. Repeatable.
 */
export async function cleanJob(
  store: ObjectStore,
  job: JobRecord,
  claims: ClaimCounts,
  { signal }: TaskContext,
): Promise<TaskOutcome> {
  await abortPartUploads(store, job, claims.encode, { signal });
  await store.removePrefix(BUCKETS.work, scratchPrefix(job.id), { signal });
  await removeClaims(store, job, claimsBefore(claims.write + 1), { signal });
  return { stage: 'clean' };
}

/** An encoder that was killed leaves the upload of its part open. There is a part for each range at most. */
async function abortPartUploads(
  store: ObjectStore,
  job: JobRecord,
  claims: number,
  options: Abortable,
): Promise<void> {
  // A claim that ended well left no upload: only when there was another can one be open.
  const suspects = job.state === 'completed' ? claimsBefore(claims) : claimsBefore(claims + 1);
  for (const claim of suspects) {
    for (const part of job.pipeline.source.ranges.keys()) {
      await abortUploads(store, BUCKETS.work, partKey(job.id, ONLY_TASK, claim, part), options);
    }
  }
}
