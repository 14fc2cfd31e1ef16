import { BUCKETS, exportKey, manifestKey } from '@clipmesh/contracts';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';

/**
 * Removes what earlier claims of a write task left: a finished but uncommitted file, its manifest, and uploads that
 * a dead process left open. Aborting an upload also fences a claimant that was only paused: it can no longer complete.
 *
 * MinIO lists uploads reliably by exact key only, so each claim's key is asked for.
 */
export async function removeEarlierClaims(
  store: ObjectStore,
  jobId: string,
  claims: readonly number[],
  options: Abortable = {},
): Promise<void> {
  for (const claim of claims) {
    const key = exportKey(jobId, claim);
    await abortUploads(store, BUCKETS.exports, key, options);
    await store.removeMany(BUCKETS.exports, [key, manifestKey(jobId, claim)], options);
  }
}

/** Aborts every open upload of exactly this key. */
export async function abortUploads(
  store: ObjectStore,
  bucket: string,
  key: string,
  options: Abortable,
): Promise<void> {
  for (const upload of await store.listUploads(bucket, key, options)) {
    await store.abortUpload(upload, options);
  }
}

/** The claims before this one: 1 to `claim - 1`. */
export function claimsBefore(claim: number): number[] {
  return Array.from({ length: Math.max(claim - 1, 0) }, (_, index) => index + 1);
}
