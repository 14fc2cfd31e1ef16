import type { TopologyRecord } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { WallTime } from '@clipmesh/media';

/**
 * While somebody looks whether jobs stand in the way of a deletion, the topology takes no new ones. The look takes
 * seconds; a mark that is older was left by a process that died and counts no more.
 */
const COUNTS_FOR_MS = 30_000;

export function isBeingDeleted(record: TopologyRecord, now: WallTime): boolean {
  return record.deletingSinceMs !== undefined && now - record.deletingSinceMs < COUNTS_FOR_MS;
}

export function withoutMark(record: TopologyRecord): TopologyRecord {
  const { deletingSinceMs, ...rest } = record;
  return deletingSinceMs === undefined ? record : rest;
}

/** @throws ExportError `RevisionStale` when the topology is just being deleted by somebody else. */
export function refuseIfBeingDeleted(record: TopologyRecord, now: WallTime): void {
  if (isBeingDeleted(record, now)) {
    throw new ExportError('RevisionStale', {
      message: `the topology ${record.name} is being deleted at this moment`,
      target: 'name',
      hint: 'Ask again in a few seconds.',
    });
  }
}
