import fc from 'fast-check';
import { rescale, ticks, wallTime } from './ticks';

const timescale = fc.integer({ min: 1, max: 4_294_967_295 });
/** A day or less, so that no result passes 2^53 ticks. */
const seconds = fc.integer({ min: -86_400, max: 86_400 });
const timeIn = (scale: number) =>
  fc.tuple(seconds, fc.nat(scale - 1)).map(([whole, rest]) => whole * scale + rest);
const timed = timescale.chain((scale) => fc.tuple(fc.constant(scale), timeIn(scale)));

it('carries a time over within one tick, down or up as asked', () => {
  fc.assert(
    fc.property(timed, timescale, ([a, from], b) => {
      const exact = BigInt(from) * BigInt(b);
      expect(BigInt(rescale(from, a, b, 'floor')) * BigInt(a) <= exact).toBe(true);
      expect((BigInt(rescale(from, a, b, 'floor')) + 1n) * BigInt(a) > exact).toBe(true);
      expect(BigInt(rescale(from, a, b, 'ceil')) * BigInt(a) >= exact).toBe(true);
      expect((BigInt(rescale(from, a, b, 'ceil')) - 1n) * BigInt(a) < exact).toBe(true);
    }),
  );
});

it('comes back to the same time from a finer timescale', () => {
  fc.assert(
    fc.property(timed, fc.integer({ min: 1, max: 20 }), ([a, from], factor) => {
      expect(rescale(rescale(from, a, a * factor, 'round'), a * factor, a, 'round')).toBe(from);
    }),
  );
});

it.each([
  ['floor', 4_294_967_292],
  ['ceil', 4_294_967_293],
  ['round', 4_294_967_292],
] as const)('is exact where the product passes 2^53: %s', (rounding, expected) => {
  // (n - 1) (n - 2) / n = n - 3 + 2 / n
  const n = 4_294_967_295;
  expect(rescale(n - 1, n, n - 2, rounding)).toBe(expected);
});

it.each([1.5, NaN, 2 ** 53, Infinity])('refuses %p as a number of ticks or milliseconds', (count) => {
  expect(() => ticks(count)).toThrow(RangeError);
  expect(() => wallTime(count)).toThrow(RangeError);
});
