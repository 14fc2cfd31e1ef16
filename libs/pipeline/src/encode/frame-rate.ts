import { greatestCommonDivisor } from '@clipmesh/media';

/** Frames a second as a fraction in lowest terms. */
export interface ExactFrameRate {
  readonly numerator: number;
  readonly denominator: number;
}

/** Whole rates whose television kin is slower by 1000/1001. */
const TELEVISION_RATES = [24, 30, 48, 60, 120, 240];
/** Presets write rates with no more places than these. */
const PLACES = 1_000_000;

/** A frame rate as it is meant: who writes 29.97 means 30000/1001. */
export function exactFrameRate(framesPerSecond: number): ExactFrameRate {
  const kin = TELEVISION_RATES.find((rate) => Math.abs(framesPerSecond - (rate * 1000) / 1001) < 0.005);
  if (kin !== undefined) {
    return { numerator: kin * 1000, denominator: 1001 };
  }
  const numerator = Math.max(1, Math.round(framesPerSecond * PLACES));
  const divisor = greatestCommonDivisor(numerator, PLACES);
  return { numerator: numerator / divisor, denominator: PLACES / divisor };
}
