import { createHash } from 'node:crypto';
import { wallTime } from '@clipmesh/media';
import { packObject } from '../index/packed-object';
import type { SegmentEntry } from '../index/segment-entry';
import { encodeIndexObject } from './catalog-codec';
import type { FoldedIndex, FoldedSpans } from './catalog-hour';
import { joinedSpans } from './coverage';
import { keyPrints } from './key-prints';
import { sortSegments } from './segment-list';

/** An index object to be stored before the catalog entry that names it. */
export interface IndexObject {
  readonly index: FoldedIndex;
  readonly bytes: Uint8Array;
}

export interface IndexObjectOptions {
  /** Key of an index object in the bucket `index`, by its SHA-256. */
  readonly keyOf: (sha256: string) => string;
  /** Holes up to this are not told in the object's spans. */
  readonly gapThresholdMs?: number;
}

/** So many spans cost an entry less than 256 bytes an object. */
const MOST_SPANS = 8;
/** What the header of a record holds of a segment and of a track, beside its texts. */
const SEGMENT_HEADER_BYTES = 220;
const TRACK_HEADER_BYTES = 90;

/** An index object of one segment or more. */
export function makeIndexObject(entries: readonly SegmentEntry[], options: IndexObjectOptions): IndexObject {
  const sorted = sortSegments(entries);
  const bytes = encodeIndexObject(sorted);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const spans = foldedSpans(sorted, options.gapThresholdMs ?? 0);
  return {
    bytes,
    index: {
      key: options.keyOf(sha256),
      sha256,
      sizeBytes: bytes.length,
      count: entries.length,
      startMs: wallTime(sorted[0]?.startMs ?? 0),
      endMs: wallTime(sorted.reduce((latest, { endMs }) => Math.max(latest, endMs), 0)),
      keyPrints: keyPrints(sorted.map(({ key }) => key)),
      ...(spans === undefined ? {} : { spans }),
    },
  };
}

function foldedSpans(sorted: readonly SegmentEntry[], joinedOverMs: number): FoldedSpans | undefined {
  const ranges = joinedSpans(sorted, joinedOverMs);
  return ranges.length > MOST_SPANS ? undefined : { joinedOverMs, ranges };
}

/** About what a segment takes in a record; track descriptions, which segments share, are not counted. */
export function recordedBytes(entry: SegmentEntry): number {
  const { leaves, tracks } = packObject(entry);
  const texts = entry.bucket.length + entry.key.length + entry.etag.length + entry.sha256.length;
  return tracks.reduce(
    (sum, track) => sum + TRACK_HEADER_BYTES + track.bytes.length,
    SEGMENT_HEADER_BYTES + texts + leaves.length,
  );
}
