/** The field has 32 bits, and ffmpeg takes it as a signed number. */
const LARGEST = 2 ** 31 - 1;

/**
 * A timescale in which the start of every track is a whole number: the least common multiple, as long as it fits.
 * ffmpeg's own default, milliseconds, would move a track by up to one.
 */
export function movieTimescale(timescales: readonly number[]): number {
  return timescales.reduce((common, timescale) => {
    const both = (common / greatestCommonDivisor(common, timescale)) * timescale;
    return both <= LARGEST ? both : common;
  }, 1);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
