import {
  LeafHasher,
  SegmentIndexer,
  type Leaf,
  type ObjectFindings,
  type SegmentEntry,
} from '@clipmesh/archive';
import { BUCKETS } from '@clipmesh/contracts';
import { wallTime, type WallTime } from '@clipmesh/media';
import type { ObjectHead, ObjectRef, ObjectStore } from '@clipmesh/object-store';
import { ExportError } from '@clipmesh/errors';
import { checkMedia, LONGEST_SEGMENT_MS, mediaDurationMs, tooLong } from './media-checks';
import type { AnnouncedSegment } from './parse-segment-event';

export interface IndexingLimits {
  /** How far ahead of now a segment may start. */
  readonly maxFutureMs: number;
}

type Store = Pick<ObjectStore, 'open' | 'read'>;

/** Both may differ by what recorders round. */
const ROUNDING_MS = 60_000;

/**
 * Reads an announced object once and finds out all that the index holds of a segment. Refusals are thrown with the
 * codes of segments; what is no fault of the segment (the store is away) with retryable ones.
 */
export async function indexSegment(
  store: Store,
  announced: AnnouncedSegment,
  limits: IndexingLimits,
  now: WallTime,
  signal: AbortSignal,
): Promise<SegmentEntry> {
  checkAnnouncedTimes(announced, limits, now);
  const ref = { bucket: BUCKETS.archive, key: announced.key };
  const { head, findings } = await readFindings(store, ref, announced, signal);
  checkMedia(findings.index);
  checkDigest(announced, findings.sha256);
  return {
    ...ref,
    etag: head.etag,
    sizeBytes: head.sizeBytes,
    sha256: findings.sha256,
    leaves: findings.leaves ?? (await readLeaves(store, ref, head, findings.leafEnds, signal)),
    tracks: findings.index.tracks,
    startMs: announced.startMs,
    endMs: wallTime(announced.startMs + mediaDurationMs(findings.index)),
    indexedAtMs: now,
  };
}

function checkAnnouncedTimes(announced: AnnouncedSegment, limits: IndexingLimits, now: WallTime): void {
  const aheadMs = announced.startMs - now;
  if (aheadMs > limits.maxFutureMs) {
    throw new ExportError('SegmentInFuture', {
      message: `the segment starts ${aheadMs} ms from now, at most ${limits.maxFutureMs} are taken`,
      details: { startMs: announced.startMs, nowMs: now, maxFutureMs: limits.maxFutureMs },
    });
  }
  // What is announced as far too long need not be read to be refused.
  const believedMs = announced.endMs === undefined ? 0 : announced.endMs - announced.startMs;
  if (believedMs > LONGEST_SEGMENT_MS + ROUNDING_MS) {
    throw tooLong(believedMs);
  }
}

/** Throws `SegmentMissing`, or what the event says wrongly of the object's size. */
export async function headOf(
  store: Pick<ObjectStore, 'head'>,
  ref: ObjectRef,
  announced: AnnouncedSegment,
  signal: AbortSignal,
): Promise<ObjectHead> {
  const head = await store.head(ref, { signal });
  if (head === undefined) {
    throw missing(ref);
  }
  checkSize(announced, head);
  return head;
}

function checkSize(announced: AnnouncedSegment, head: ObjectHead): void {
  if (announced.bytes !== undefined && announced.bytes !== head.sizeBytes) {
    throw new ExportError(announced.bytes > head.sizeBytes ? 'SegmentTruncated' : 'SegmentEventInvalid', {
      message: `the object has ${head.sizeBytes} bytes, its event says ${announced.bytes}`,
      target: 'object.bytes',
      details: { sizeBytes: head.sizeBytes, announcedBytes: announced.bytes },
    });
  }
}

/** One request tells what the object is and brings it. */
async function readFindings(
  store: Store,
  ref: ObjectRef,
  announced: AnnouncedSegment,
  signal: AbortSignal,
): Promise<{ readonly head: ObjectHead; readonly findings: ObjectFindings }> {
  const indexer = new SegmentIndexer();
  const { head, body } = await store.open(ref, { signal }).catch((error: unknown) => {
    throw translate(error, ref);
  });
  try {
    checkSize(announced, head);
    for await (const chunk of body) {
      indexer.push(chunk as Uint8Array); // a byte stream yields buffers
    }
  } finally {
    body.destroy();
  }
  return { head, findings: indexer.finish() };
}

/** A second read, for an object that was too large to be kept. */
async function readLeaves(
  store: Store,
  ref: ObjectRef,
  head: ObjectHead,
  leafEnds: readonly number[],
  signal: AbortSignal,
): Promise<readonly Leaf[]> {
  const hasher = new LeafHasher(leafEnds);
  try {
    const body = await store.read(ref, { ifMatch: head.etag, signal });
    for await (const chunk of body) {
      hasher.push(chunk as Uint8Array); // a byte stream yields buffers
    }
  } catch (error) {
    throw translate(error, ref);
  }
  return hasher.finish();
}

/** The object went away, or was written again, between two looks at it: the next look tells. */
function translate(error: unknown, ref: ObjectRef): unknown {
  if (error instanceof ExportError && error.code === 'ObjectMissing') {
    return missing(ref);
  }
  if (error instanceof ExportError && error.code === 'SourceChanged') {
    return new ExportError('StoreUnreachable', {
      message: `${ref.key} was written again while it was read`,
      cause: error,
    });
  }
  return error;
}

function missing(ref: ObjectRef): ExportError {
  return new ExportError('SegmentMissing', {
    message: `${ref.bucket}/${ref.key} is not in the store`,
    details: { ...ref },
  });
}

export function checkDigest(announced: AnnouncedSegment, sha256: string): void {
  if (announced.sha256 !== undefined && announced.sha256 !== sha256) {
    throw new ExportError('SegmentEventInvalid', {
      message: `the object's SHA-256 is ${sha256}, its event says ${announced.sha256}`,
      target: 'object.sha256',
      details: { sha256, announcedSha256: announced.sha256 },
    });
  }
}
