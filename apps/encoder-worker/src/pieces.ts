import { encodeIndexObject, type Gap, type IndexedObject } from '@clipmesh/archive';
import { BUCKETS, partIndexKey, type TaskClaim, type TaskOutcome } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';

/** An object that a task wrote, and which stretch it is; see `EncodeOutcome.spans`. */
export interface WrittenPiece {
  readonly object: IndexedObject;
  readonly span: readonly [from: number, to: number];
}

/** All that a task wrote. */
export interface EncodedPartPieces {
  readonly pieces: readonly WrittenPiece[];
  /** The first piece holds samples as they were recorded. */
  readonly beginsWithCopies?: true;
  readonly gaps: readonly Gap[];
}

/** Stores the index of what a task wrote, and makes of it what the scheduler is told. */
export async function storePieces(
  store: ObjectStore,
  claim: TaskClaim,
  { pieces, ...facts }: EncodedPartPieces,
  options: Abortable,
): Promise<TaskOutcome> {
  if (pieces.length === 0) {
    return { stage: 'encode', spans: [], ...facts };
  }
  // In the order of the pieces: index objects are sorted by start.
  const entries = pieces.map(({ object }, i) => {
    const at = wallTime(i);
    return { ...object, startMs: at, endMs: at, indexedAtMs: at };
  });
  const bytes = encodeIndexObject(entries);
  const ref = { bucket: BUCKETS.work, key: partIndexKey(claim) };
  const { etag } = await store.put(ref, bytes, options);
  const index = { ...ref, etag, sizeBytes: bytes.length };
  return { stage: 'encode', index, spans: pieces.map(({ span }) => span), ...facts };
}
