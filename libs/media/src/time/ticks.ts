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
  return ticks(whole * to + divide(rest, to, from, rounding));
}

/** `count * to / from`, exact also where the product passes 2^53. All are 0 or more. */
function divide(count: number, to: number, from: number, rounding: Rounding): number {
  const product = count * to;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const quotient = Math.floor(product / from);
    return quotient + roundedUp(product - quotient * from, from, rounding);
  }
  const exact = BigInt(count) * BigInt(to);
  return Number(exact / BigInt(from)) + roundedUp(Number(exact % BigInt(from)), from, rounding);
}

function roundedUp(rest: number, from: number, rounding: Rounding): 0 | 1 {
  if (rounding === 'floor' || rest === 0) {
    return 0;
  }
  return rounding === 'ceil' || 2 * rest >= from ? 1 : 0;
}
