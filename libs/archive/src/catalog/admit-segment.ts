import { ExportError } from '@clipmesh/errors';
import type { SegmentBrief } from './catalog-hour';
import { HOUR_MS } from './hours';

export interface AdmissionRules {
  /** Overlaps up to this are accepted and laid back to back. */
  readonly gapThresholdMs: number;
}

/**
 * Whether a segment may enter the index: `new`, or `known` when it is there already. A refusal is returned, not thrown:
 * it is an expected answer to what recorders do. `neighbours` are the segments of the hours that it touches.
 */
export function admitSegment(
  entry: SegmentBrief,
  neighbours: readonly SegmentBrief[],
  rules: AdmissionRules,
): 'new' | 'known' | ExportError {
  const lengthMs = entry.endMs - entry.startMs;
  if (lengthMs > HOUR_MS) {
    return new ExportError('SegmentTooLong', {
      message: `the segment ${entry.key} lasts ${lengthMs} ms, at most ${HOUR_MS} are taken`,
      details: { key: entry.key, lengthMs },
    });
  }
  const known = neighbours.find((neighbour) => neighbour.key === entry.key);
  if (known !== undefined) {
    return known.etag === entry.etag ? 'known' : changed(entry, known);
  }
  const overlapped = worstOverlap(entry, neighbours);
  return overlapped !== undefined && overlapMs(entry, overlapped) > rules.gapThresholdMs
    ? overlaps(entry, overlapped)
    : 'new';
}

function overlapMs(a: SegmentBrief, b: SegmentBrief): number {
  return Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
}

function worstOverlap(entry: SegmentBrief, neighbours: readonly SegmentBrief[]): SegmentBrief | undefined {
  let worst: SegmentBrief | undefined;
  for (const neighbour of neighbours) {
    if (worst === undefined || overlapMs(entry, neighbour) > overlapMs(entry, worst)) {
      worst = neighbour;
    }
  }
  return worst;
}

function changed(entry: SegmentBrief, known: SegmentBrief): ExportError {
  return new ExportError('SegmentChanged', {
    message: `the segment ${entry.key} is known with ETag ${known.etag}, the object now has ${entry.etag}`,
    details: { key: entry.key, knownEtag: known.etag, etag: entry.etag },
  });
}

function overlaps(entry: SegmentBrief, other: SegmentBrief): ExportError {
  const ms = overlapMs(entry, other);
  return new ExportError('SegmentOverlap', {
    message: `the segment ${entry.key} covers ${ms} ms that ${other.key} covers`,
    details: {
      key: entry.key,
      otherKey: other.key,
      overlapMs: ms,
      startMs: entry.startMs,
      endMs: entry.endMs,
    },
  });
}
