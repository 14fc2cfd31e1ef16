import { borderBefore, borderBehind, cutPointsOf } from '../index/cut-points';
import type { SegmentEntry } from '../index/segment-entry';
import { sliceOf, type OpenedTrack, type TrackSlice } from './track-slice';

/** The other track's samples for the GOPs of the main slice, and no further than that slice is shown. */
export function alignedSlice(
  segment: SegmentEntry,
  main: OpenedTrack,
  slice: TrackSlice,
  other: OpenedTrack,
): TrackSlice | undefined {
  const tracks = [main.index, other.index];
  const [mainCuts, otherCuts] = cutPointsOf({ sizeBytes: segment.sizeBytes, tracks }).tracks;
  if (mainCuts === undefined || otherCuts === undefined) {
    return undefined;
  }
  const mainEnd = slice.firstSample + slice.sampleCount;
  const from = otherCuts.firsts[borderBefore(mainCuts, slice.firstSample)] ?? 0;
  let to = otherCuts.ends[borderBehind(mainCuts, mainEnd - 1)] ?? 0;
  if (mainEnd < main.index.samples.count) {
    const shownTo = slice.presentationEnd / main.index.timescale;
    while (to > from && (other.presentation[to - 1] ?? 0) / other.index.timescale >= shownTo) {
      to--;
    }
  }
  return to > from ? sliceOf(other, from, to) : undefined;
}
