/**
 * A whole number of ticks of some track's or movie's timescale.
 *
 * Ticks of different timescales are never added; {@link rescale} carries them over.
 */
export type Ticks = number & { readonly unit: 'ticks' };

/** Milliseconds since 1970-01-01T00:00:00Z, whole: the time of the scene. */
export type WallTime = number & { readonly unit: 'wall-ms' };

/** A half-open interval of wall time: `startMs` is in it, `endMs` is not. */
export interface TimeRange {
  readonly startMs: WallTime;
  readonly endMs: WallTime;
}

export function ticks(count: number): Ticks {
  if (!Number.isSafeInteger(count)) {
    throw new RangeError(`not a safe whole number of ticks: ${count}`);
  }
  return count as Ticks;
}

export function wallTime(ms: number): WallTime {
  if (!Number.isSafeInteger(ms)) {
    throw new RangeError(`not a whole number of milliseconds: ${ms}`);
  }
  return ms as WallTime;
}

export type Rounding = 'floor' | 'ceil' | 'round';

/** Carries a time from one timescale (ticks per second) to another. Starts round down, ends round up. */
export function rescale(time: number, from: number, to: number, rounding: Rounding): Ticks {
  if (from === to) {
    return ticks(time);
  }
  const whole = Math.floor(time / from);
  const rest = time - whole * from;
  return ticks(whole * to + Math[rounding]((rest * to) / from));
}
