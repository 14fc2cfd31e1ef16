import { byteSpans, type MediaRange } from '@clipmesh/media';
import type { PlanTrack } from '../plan/movie-plan';
import { readRun } from '../plan/read-run';

/**
 * The bytes of a track's samples, in their order. Not whole leaves: for what nobody verifies against the archive. A hole of
 * so many bytes at most is taken, too, where that costs less than another request.
 */
export function sampleRanges(track: PlanTrack, holeBytes = 0): MediaRange[] {
  const ranges: { object: number; offset: number; length: number }[] = [];
  for (const run of track.runs) {
    for (const { offset, length } of byteSpans(readRun(run, track))) {
      const last = ranges.at(-1);
      const end = last === undefined ? 0 : last.offset + last.length;
      if (last?.object === run.object && offset >= end && offset - end <= holeBytes) {
        last.length = offset + length - last.offset;
      } else {
        ranges.push({ object: run.object, offset, length });
      }
    }
  }
  return ranges;
}
