import type { MoviePlan, PlanWindow } from '../plan/movie-plan';
import type { EncodeClock } from './encode-clock';

/** A window of a feed as one part of the encoded movie; times are instants of the {@link EncodeClock}. */
export interface PlacedPart {
  /** In media time of the feed's first track. */
  readonly window: PlanWindow;
  readonly start: number;
  readonly end: number;
}

/** The feed's timescale, and how much of it is shown in all: what later feeds need to know to find their place. */
export interface FeedLength {
  readonly timescale: number;
  readonly shownTicks: number;
}

export function feedLength({ tracks: [main], windows }: MoviePlan): FeedLength {
  return {
    timescale: main?.timescale ?? 1,
    shownTicks: windows.reduce((sum, { from, to }) => sum + (to - from), 0),
  };
}

/** Where a feed begins that comes behind others. */
export function feedStart(clock: EncodeClock, before: readonly FeedLength[]): number {
  return before.reduce((sum, { shownTicks, timescale }) => sum + clock.of(shownTicks, timescale), 0);
}

/** The parts of a feed that begins at `start`, in order and without a hole. */
export function placeParts(feed: MoviePlan, clock: EncodeClock, start: number): readonly PlacedPart[] {
  const { timescale } = feedLength(feed);
  let shown = 0;
  return feed.windows.map((window) => {
    const before = shown;
    shown += window.to - window.from;
    // Each border is measured from the feed's start: errors of rounding do not add up.
    return { window, start: start + clock.of(before, timescale), end: start + clock.of(shown, timescale) };
  });
}
