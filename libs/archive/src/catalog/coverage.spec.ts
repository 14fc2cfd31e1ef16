import { wallTime, type TimeRange } from '@clipmesh/media';
import * as fc from 'fast-check';
import { coverageOf } from './coverage';

const ranges = (...pairs: [number, number][]): TimeRange[] =>
  pairs.map(([startMs, endMs]) => ({ startMs: wallTime(startMs), endMs: wallTime(endMs) }));

const RECORDED = ranges([0, 10_000], [10_500, 20_000], [25_000, 30_000]);

describe('coverageOf', () => {
  it.each([
    ['joins a small hole', [0, 20_000], [[0, 20_000]], []],
    [
      'shows a gap',
      [5000, 28_000],
      [
        [5000, 20_000],
        [25_000, 28_000],
      ],
      [[20_000, 25_000]],
    ],
    [
      'shows what is not recorded before and behind',
      [-4000, 40_000],
      [
        [0, 20_000],
        [25_000, 30_000],
      ],
      [
        [-4000, 0],
        [20_000, 25_000],
        [30_000, 40_000],
      ],
    ],
    ['keeps quiet of small holes at the ends', [10_200, 20_900], [[10_500, 20_000]], []],
    ['shows nothing between recordings', [21_000, 22_000], [], [[21_000, 22_000]]],
    ['shows nothing inside a small hole', [10_100, 10_400], [], [[10_100, 10_400]]],
  ] as [string, [number, number], [number, number][], [number, number][]][])(
    '%s',
    (_, range, spans, gaps) => {
      expect(coverageOf(RECORDED, ranges(range)[0]!, 1000)).toEqual({
        spans: ranges(...spans),
        gaps: ranges(...gaps),
      });
    },
  );

  it('never covers a time twice, and never calls a covered time a gap', () => {
    const recorded = fc
      .array(fc.tuple(fc.nat(100_000), fc.integer({ min: 1, max: 30_000 })))
      .map((pairs) =>
        ranges(...pairs.map(([start, length]): [number, number] => [start, start + length])).sort(
          (a, b) => a.startMs - b.startMs,
        ),
      );
    fc.assert(
      fc.property(
        recorded,
        fc.nat(100_000),
        fc.integer({ min: 1, max: 50_000 }),
        (segments, start, length) => {
          const [range] = ranges([start, start + length]);
          const { spans, gaps } = coverageOf(segments, range!, 1000);
          const all = [...spans, ...gaps].sort((a, b) => a.startMs - b.startMs);
          all.forEach((span, i) => {
            expect(span.startMs).toBeGreaterThanOrEqual(i === 0 ? start : all[i - 1]!.endMs);
            expect(span.endMs).toBeLessThanOrEqual(start + length);
          });
          gaps.forEach((gap) => {
            expect(segments.filter((s) => s.startMs < gap.endMs && s.endMs > gap.startMs)).toEqual([]);
          });
        },
      ),
    );
  });
});
