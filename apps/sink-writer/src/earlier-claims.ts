import {
  BUCKETS,
  exportKey,
  listFiles,
  manifestKey,
  type JobRecord,
  type WrittenFile,
} from '@clipmesh/contracts';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';

/**
 * Removes what claims of a write task left, but for the exports themselves: uncommitted files, manifests, and uploads
 * that are still open. Aborting an upload also fences a claimant that was only paused: it can no longer complete.
 *
 * MinIO lists uploads reliably by exact key only, so each claim's key is asked for.
 */
export async function removeClaims(
  store: ObjectStore,
  job: JobRecord,
  claims: readonly number[],
  options: Abortable = {},
): Promise<void> {
  const kept = new Set(exportKeys(job));
  for (const claim of claims) {
    await abortExportUploads(store, job, claim, options);
    for (const file of fileNumbers(job)) {
      const key = exportKey(job.id, claim, file);
      const stale = [key, manifestKey(job.id, claim, file)].filter((one) => !kept.has(one));
      await store.removeMany(BUCKETS.exports, stale, options);
    }
  }
}

/** Aborts what a claim of the write task still has open. */
export async function abortExportUploads(
  store: ObjectStore,
  job: JobRecord,
  claim: number,
  options: Abortable = {},
): Promise<void> {
  for (const file of fileNumbers(job)) {
    await abortUploads(store, BUCKETS.exports, exportKey(job.id, claim, file), options);
  }
}

/** One for each file that is planned. */
function fileNumbers({ planned }: JobRecord): readonly number[] {
  return [0, ...(planned?.further ?? []).map((_, index) => index + 1)];
}

function exportKeys({ written }: JobRecord): string[] {
  return written === undefined
    ? []
    : listFiles<WrittenFile>(written).flatMap(({ file, manifest }) => [file.key, manifest.key]);
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
