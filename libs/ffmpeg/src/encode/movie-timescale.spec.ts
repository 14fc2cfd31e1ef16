import { movieTimescale } from './movie-timescale';

describe('movieTimescale', () => {
  it.each([
    ['one track', [90_000], 90_000],
    ['two that share a factor', [90_000, 48_000], 720_000],
    ['two that share little', [12_800, 44_100], 5_644_800],
    ['no track', [], 1],
    ['the first when no common one fits', [10_000_019, 48_000], 10_000_019],
  ])('holds %s', (_what, timescales, common) => {
    expect(movieTimescale(timescales)).toBe(common);
  });
});
