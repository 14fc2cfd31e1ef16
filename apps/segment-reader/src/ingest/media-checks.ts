import type { ObjectIndex } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';

export const LONGEST_SEGMENT_MS = 3600_000;

/**
 * How long the segment lasts: its video, or its audio when it has none. The sum of its
 * durations, rounded up to whole milliseconds; one at least, since the index knows no empty segments.
 */
export function mediaDurationMs(index: ObjectIndex): number {
  const [first] = index.tracks;
  if (first === undefined) {
    return 0;
  }
  const ticks = first.samples.durations.reduce((sum, duration) => sum + duration, 0);
  return Math.max(1, Math.ceil((ticks * 1000) / first.timescale));
}

/**
 * Throws `SegmentTooLong`. Codecs are not asked for: what has one sample entry in the clear is carried as it is, and
 * what has not, `readObjectIndex` has refused as `CodecUnsupported`.
 */
export function checkMedia(index: ObjectIndex): void {
  const durationMs = mediaDurationMs(index);
  if (durationMs > LONGEST_SEGMENT_MS) {
    throw tooLong(durationMs);
  }
}

export function tooLong(durationMs: number): ExportError {
  return new ExportError('SegmentTooLong', {
    message: `the segment lasts ${durationMs} ms, at most ${LONGEST_SEGMENT_MS} are taken`,
    details: { durationMs, longestMs: LONGEST_SEGMENT_MS },
  });
}
