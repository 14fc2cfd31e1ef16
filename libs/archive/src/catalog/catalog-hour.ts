import type { TimeRange, WallTime } from '@clipmesh/media';
import type { SegmentEntry } from '../index/segment-entry';

/** An immutable index object that holds some of an hour's segments. */
export interface FoldedIndex {
  /** In the bucket `index`. */
  readonly key: string;
  /** Of the object, lower-case hex; part of its key. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Segments in it. */
  readonly count: number;
  /** Earliest start and latest end of them. */
  readonly startMs: WallTime;
  readonly endMs: WallTime;
  /** Of the keys in it, see `keyPrint`. Absent in entries of older releases: then the object must be read. */
  readonly keyPrints?: string;
  /** Where its segments lie. Absent in entries of older releases, and of an object with very many holes. */
  readonly spans?: FoldedSpans;
}

/** The time that the segments of an index object cover: enough for coverage, without reading the object. */
export interface FoldedSpans {
  /** Holes up to this are not told. */
  readonly joinedOverMs: number;
  /** In order of time, apart from each other. */
  readonly ranges: readonly TimeRange[];
}

/** The catalog entry of a video and hour: all segments that start in the hour. */
export interface CatalogHour {
  readonly format: 1;
  /** Whole hours since 1970. */
  readonly hour: number;
  /** Latest end of all its segments: tells a lookup in the next hour whether this one reaches into it. */
  readonly endMs: WallTime;
  /** The newest segments, in order of time. */
  readonly inline: readonly SegmentEntry[];
  /** In the order in which they were folded. */
  readonly folded: readonly FoldedIndex[];
}

/** What admission needs to know of a segment's neighbours. */
export type SegmentBrief = Pick<SegmentEntry, 'key' | 'etag' | 'startMs' | 'endMs'>;
