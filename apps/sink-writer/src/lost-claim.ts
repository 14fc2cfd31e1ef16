import type { JobRecord } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { ObjectStore } from '@clipmesh/object-store';
import { isWanted } from '@clipmesh/pipeline';
import { abortExportUploads, removeClaims } from './earlier-claims';

/** Whether the claim was somebody else's before its run ended. */
export function isLeaseLost(signal: AbortSignal): boolean {
  const reason: unknown = signal.reason;
  return reason instanceof ExportError && reason.code === 'LeaseLost';
}

/**
 * A claimant that was paused may begin or finish a file after its job has ended and been cleaned: then nobody else
 * removes it. While the job is live the next claim may be at work on the same upload, and the clean-up is still to come.
 */
export async function clearLostClaim(
  store: ObjectStore,
  claimed: JobRecord,
  claim: number,
  now: JobRecord | undefined,
): Promise<void> {
  if (now?.id !== claimed.id) {
    // The record is gone, and with it what tells which file is the export: objects are left alone.
    await abortExportUploads(store, claimed, claim);
  } else if (!isWanted('write', now.state)) {
    await removeClaims(store, now, [claim]);
  }
}
