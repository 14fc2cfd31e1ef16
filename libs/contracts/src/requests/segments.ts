import type { ErrorCode } from '@clipmesh/errors';

/**
 * Body of a recorder's event on `segments.<video>`, as anybody may write it: plain JSON, or the `data` of a
 * CloudEvent. It arrives from outside, so segment-reader checks every member. docs/recorders.md explains them.
 */
export interface SegmentEvent {
  readonly format?: 1;
  /** If present, the name in the subject. */
  readonly video?: string;
  /** RFC 3339: wall time of the first video frame. */
  readonly start: string;
  /** RFC 3339: what the recorder believes; the media's own duration rules. */
  readonly end?: string;
  readonly durationMs?: number;
  readonly object: SegmentEventObject;
  /** Counts a recorder's segments; for people who look for a lost one. */
  readonly sequence?: number;
  /** The recorder knows of no lost frame between the segment before and this one. */
  readonly continuesPrevious?: boolean;
  /** What the recorder knows of its camera's clock. */
  readonly clock?: { readonly offsetMs: number; readonly source?: string };
  /** Why the segment was closed, in the recorder's words. */
  readonly reason?: string;
}

export interface SegmentEventObject {
  /** `archive` when absent; nothing else is read. */
  readonly bucket?: string;
  readonly key: string;
  readonly bytes?: number;
  /** Lower-case hex. */
  readonly sha256?: string;
}

/** What stands on `refused.segments.<video>` for an event that was not taken. */
export interface RefusedSegment {
  readonly format: 1;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** The event as it came: its JSON, or its text when it is none. */
  readonly event: unknown;
  /** Sequence of the event in the stream SEGMENTS. */
  readonly streamSequence: number;
  /** RFC 3339. */
  readonly at: string;
}

/** Body of `events.segment.<video id>.indexed`: told once it can be found, to whoever listens; it may be lost. */
export interface SegmentIndexed {
  readonly format: 1;
  readonly video: string;
  readonly start: string;
  readonly end: string;
  readonly key: string;
}
