import type { ByteRange, Span } from '@clipmesh/media';

/** A part of the finished file that the store copies by itself from another object. */
export interface CopiedPart extends ByteRange {
  readonly kind: 'copy';
}

/** A part that passes through this process: inline bytes and pieces of objects, one after another. */
export interface UploadedSpans {
  readonly kind: 'upload';
  readonly pieces: readonly Span[];
  readonly length: number;
}

export type PlannedPart = CopiedPart | UploadedSpans;

export interface PartLimits {
  /** Least bytes of every part but the last. */
  readonly minBytes: number;
  /** Spans larger than this are copied in several parts of about equal size; at least twice `minBytes`. */
  readonly copyBytes: number;
  /** Up to where copies may grow when there would be too many parts. */
  readonly maxCopyBytes: number;
  /** Up to where gathered parts may grow then; at least `minBytes`. As many bytes are held for each part in flight. */
  readonly maxGatherBytes: number;
  readonly maxParts: number;
}
