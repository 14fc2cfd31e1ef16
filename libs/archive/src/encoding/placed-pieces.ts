import { wallTime, type WallTime } from '@clipmesh/media';
import type { EncodeClock } from './encode-clock';
import type { EncodedFeed, EncodedPiece } from './encoded-movie';
import { feedLength, feedStart, placeParts, type PlacedPart } from './place-parts';
import { wallTimeOf } from './wall-time';

/** A piece at its place in the movie. */
export interface PlacedPiece {
  readonly piece: EncodedPiece;
  /** When it begins, in ticks of the clock's video timescale. Later pieces move up where something was left out. */
  readonly at: number;
  /** What it stands for: instants of the clock, with nothing left out. */
  readonly start: number;
  readonly end: number;
  readonly wallStartMs: WallTime;
}

/** All pieces of all feeds, one behind another. */
export function placePieces(feeds: readonly EncodedFeed[], clock: EncodeClock): readonly PlacedPiece[] {
  const placed: PlacedPiece[] = [];
  const lengths = feeds.map(({ plan }) => feedLength(plan));
  let at = 0;
  feeds.forEach(({ plan, parts }, feed) => {
    const [main] = plan.tracks;
    placeParts(plan, clock, feedStart(clock, lengths.slice(0, feed))).forEach((part, number) => {
      const last = placed.at(-1);
      if (last?.end === part.start && clock.videoTicks(part.start) === clock.videoTicks(part.end)) {
        // Between two frames of a slow grid: the one before is still shown.
        placed[placed.length - 1] = { ...last, end: part.end };
      }
      for (const piece of parts[number] ?? []) {
        const wallStartMs = main === undefined ? wallTime(0) : wallTimeOf(main, part.window.from);
        placed.push({ piece, at, ...spanOf(part, piece, clock), wallStartMs });
        at += piece.to - piece.from;
      }
    });
  });
  return placed;
}

/** At its ends exactly the part's own instants: neighbours must meet. */
function spanOf(part: PlacedPart, { from, to }: EncodedPiece, clock: EncodeClock) {
  const { timescale, videoTimescale } = clock;
  const ticksPerVideoTick = timescale / videoTimescale;
  const length = clock.videoTicks(part.end) - clock.videoTicks(part.start);
  return {
    start: from === 0 ? part.start : Math.round(part.start + from * ticksPerVideoTick),
    end: to === length ? part.end : Math.round(part.start + to * ticksPerVideoTick),
  };
}
