import type { Recorded, RecordedPacket } from './camera';

/** `[start, end)` of a recording, in seconds from its start. */
export interface RangeSeconds {
  readonly start: number;
  readonly end: number;
}

/** Smaller than a frame and than any difference that matters; larger than the rounding of what ffprobe prints. */
const EPSILON = 1e-4;

/** The frames that a player has to show of a range. */
export function framesOf({ frames }: Recorded, { start, end }: RangeSeconds): Recorded['frames'] {
  return frames.filter(({ seconds }) => seconds >= start - EPSILON && seconds < end - EPSILON);
}

/** The packets that may be in the file, as positions in decode order: from the sync sample before to the GOP's end. */
export function packetsOf(recorded: Recorded, range: RangeSeconds): { first: number; last: number } {
  const { videoPackets } = recorded;
  const shown = framesOf(recorded, range);
  const firstShown = positionOf(videoPackets, shown[0]!.seconds);
  const lastShown = Math.max(...shown.map(({ seconds }) => positionOf(videoPackets, seconds)));
  const syncs = videoPackets.flatMap(({ isSync }, i) => (isSync ? [i] : []));
  const shownFrom = shown[0]!.seconds + EPSILON;
  const first = syncs.findLast((i) => i <= firstShown && videoPackets[i]!.seconds <= shownFrom);
  const after = syncs.find((i) => i > lastShown) ?? videoPackets.length;
  return { first: first ?? 0, last: after - 1 };
}

/**
 * The sound that has to be in the file: what is heard from the first picture of the range on, and neither crosses a seam
 * nor is drowned at one.
 */
export function soundOf(recorded: Recorded, range: RangeSeconds): Recorded['audioPackets'] {
  const start = framesOf(recorded, range)[0]!.seconds;
  const borders = [...recorded.segments.map(({ startSeconds }) => startSeconds), recorded.seconds];
  let soundsTo = -Infinity;
  return recorded.audioPackets.filter(({ seconds, durationSeconds, isHeard }) => {
    const to = seconds + durationSeconds;
    const crosses = borders.some((border) => seconds < border - EPSILON && to > border + EPSILON);
    // The sound of the segment before may last longer than its pictures: what lies wholly in it is left out.
    const isDrowned = to <= soundsTo + EPSILON;
    soundsTo = Math.max(soundsTo, to);
    return isHeard && !crosses && !isDrowned && seconds >= start && to <= range.end;
  });
}

function positionOf(packets: readonly RecordedPacket[], seconds: number): number {
  return packets.findIndex((packet) => Math.abs(packet.seconds - seconds) < EPSILON * 10);
}

/** ffmpeg's H.264 decoder loses the last picture of a file of five that begins with an open GOP. */
const SHORTEST_SECONDS = 0.3;

/** A random range, the same for the same seed. Its edges keep off the frames, whose times may not be whole milliseconds. */
export function randomRange(recorded: Recorded, random: () => number): RangeSeconds {
  const at = (seconds: number): boolean =>
    recorded.frames.some((frame) => Math.abs(frame.seconds - seconds) < 0.0015);
  for (;;) {
    const [start, end] = [random(), random()]
      .map((part) => Math.round(part * recorded.seconds * 1000) / 1000)
      .sort((a, b) => a - b);
    if (
      start !== undefined &&
      end !== undefined &&
      end - start >= SHORTEST_SECONDS &&
      !at(start) &&
      !at(end) &&
      framesOf(recorded, { start, end }).length > 0
    ) {
      return { start, end };
    }
  }
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
