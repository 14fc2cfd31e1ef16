import { BUCKETS, exportPrefix, scratchPrefix, type JobRecord, type TaskOutcome } from '@clipmesh/contracts';
import type { ObjectStore } from '@clipmesh/object-store';
import type { TaskContext } from '@clipmesh/service-kit';
import { removeEarlierClaims } from './earlier-claims';

/**
 * Removes what a job leaves behind: its plans and parts, and every file but the committed one, uploads that are still
 * open included. Repeatable.
 */
export async function cleanJob(
  store: ObjectStore,
  job: JobRecord,
  writeClaims: number,
  { signal }: TaskContext,
): Promise<TaskOutcome> {
  await store.removePrefix(BUCKETS.work, scratchPrefix(job.id), { signal });
  const kept = job.written?.file.key;
  const claims = Array.from({ length: writeClaims }, (_, index) => index + 1);
  const stale = claims.filter(
    (claim) => kept?.startsWith(`${exportPrefix(job.id)}${String(claim)}/`) !== true,
  );
  await removeEarlierClaims(store, job.id, stale, { signal });
  return { stage: 'clean' };
}
