import type { Recorded } from './camera';
import { framesOf, packetsOf, type RangeSeconds } from './recorded-range';

const EPSILON = 1e-4;

/**
 * The frames that a player has to show of ranges that are joined: of the first from its start and of the last to its end
 * exactly; at an inner seam from the sync sample before and up to the last picture that one before the end needs.
 */
export function framesOfJoined(recorded: Recorded, ranges: readonly RangeSeconds[]): Recorded['frames'][] {
  return ranges.map((range, i) => {
    const { videoPackets } = recorded;
    const wanted = framesOf(recorded, range).map(({ seconds }) => seconds);
    const needed = videoPackets.map(({ seconds }) =>
      wanted.some((at) => Math.abs(at - seconds) < EPSILON * 10),
    );
    const { first } = packetsOf(recorded, range);
    const taken = videoPackets.slice(first, needed.lastIndexOf(true) + 1).map(({ seconds }) => seconds);
    return recorded.frames.filter(
      ({ seconds }) =>
        taken.some((at) => Math.abs(at - seconds) < EPSILON * 10) &&
        (i > 0 || seconds >= range.start - EPSILON) &&
        (i < ranges.length - 1 || seconds < range.end - EPSILON),
    );
  });
}

/** The range between the sync samples that `keyframe-before` and `keyframe-after` move its edges to. */
export function onKeyFrames(
  { videoPackets, seconds }: Recorded,
  { start, end }: RangeSeconds,
  edges: 'keyframe-before' | 'keyframe-after',
): RangeSeconds {
  const syncs = videoPackets.filter(({ isSync }) => isSync).map((packet) => packet.seconds);
  const before = syncs.findLast((at) => at <= start + EPSILON);
  const behind = syncs.find((at) => at >= start - EPSILON);
  return {
    start: (edges === 'keyframe-before' ? before : behind) ?? 0,
    end: syncs.find((at) => at >= end - EPSILON) ?? seconds,
  };
}
