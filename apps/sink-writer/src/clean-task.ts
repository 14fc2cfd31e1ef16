import {
  BUCKETS,
  partKey,
  scratchPrefix,
  type JobRecord,
  type TaskOutcome,
  type TaskRecord,
} from '@clipmesh/contracts';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';
import type { TaskContext } from '@clipmesh/service-kit';
import { abortUploads, claimsBefore, removeClaims } from './earlier-claims';

/** The tasks that leave something: each claim of them wrote under keys of its own. */
export interface LeavingTasks {
  readonly encode: readonly TaskRecord[];
  /** Claims of the write task. */
  readonly write: number;
}

/**
 * Removes what a job leaves behind: its plans and parts, and every file but the committed one, uploads that are still
 * open included. Repeatable.
 */
export async function cleanJob(
  store: ObjectStore,
  job: JobRecord,
  tasks: LeavingTasks,
  { signal }: TaskContext,
): Promise<TaskOutcome> {
  for (const task of tasks.encode) {
    await abortPartUploads(store, task, { signal });
  }
  await store.removePrefix(BUCKETS.work, scratchPrefix(job.id), { signal });
  await removeClaims(store, job, claimsBefore(tasks.write + 1), { signal });
  return { stage: 'clean' };
}

/** A task writes few pieces: one, unless it is tried segment by segment, copies samples, or there are gaps in the sound. */
const LIKELY_PIECES = 32;
/** Keys that are asked for at the same time. */
const LOOKS = 8;

/** An encoder that was killed leaves the upload of the piece open that it was writing; behind the likely ones the store forgets it in a day. */
async function abortPartUploads(store: ObjectStore, task: TaskRecord, options: Abortable): Promise<void> {
  // A claim that ended well left no upload: only when there was another can one be open.
  const suspects = task.state === 'done' ? claimsBefore(task.claim) : claimsBefore(task.claim + 1);
  for (const claim of suspects) {
    const keys = Array.from({ length: LIKELY_PIECES }, (_, piece) => partKey({ ...task, claim }, piece));
    while (keys.length > 0) {
      const some = keys.splice(0, LOOKS);
      await Promise.all(some.map((key) => abortUploads(store, BUCKETS.work, key, options)));
    }
  }
}
