import { BUCKETS, exportKey, manifestKey } from '@clipmesh/contracts';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';

/**
 * Removes what claims of a write task left, but for the keys to be kept: uncommitted files, manifests, and uploads
 * that are still open. Aborting an upload also fences a claimant that was only paused: it can no longer complete.
 *
 * MinIO lists uploads reliably by exact key only, so each claim's key is asked for.
 */
export async function removeClaims(
  store: ObjectStore,
  jobId: string,
  claims: readonly number[],
  keptKeys: readonly string[],
  options: Abortable = {},
): Promise<void> {
  for (const claim of claims) {
    const key = exportKey(jobId, claim);
    await abortUploads(store, BUCKETS.exports, key, options);
    const stale = [key, manifestKey(jobId, claim)].filter((one) => !keptKeys.includes(one));
    await store.removeMany(BUCKETS.exports, stale, options);
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
