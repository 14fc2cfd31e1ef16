import fc from 'fast-check';
import { refusalOf } from '../fixture/refusal';
import { tableOf } from '../fixture/table';
import { byteSpans, sampleOffsets } from './sample-offsets';
import { decodeTimes, presentationSpan, totalDuration } from './sample-table-times';
import { sliceSampleTable } from './slice-sample-table';

const row = (size: number, offset = 0) => ({ size, duration: 10, offset });
const TABLE = tableOf([row(1, 20), row(2), row(3), row(4), row(5, -5)], [100, 500, 507], [2, 2, 1]);

it('places every sample in its object', () => {
  expect([...sampleOffsets(TABLE)]).toEqual([100, 101, 500, 503, 507]);
});

it('joins bytes that touch', () => {
  expect(byteSpans(TABLE)).toEqual([
    { offset: 100, length: 3 },
    { offset: 500, length: 12 },
  ]);
});

it('tells times from the first decode time', () => {
  expect([...decodeTimes(TABLE)]).toEqual([0, 10, 20, 30, 40]);
  expect(totalDuration(TABLE)).toBe(50);
  expect(presentationSpan(TABLE)).toEqual({ start: 10, end: 45 });
});

it('has no time in an empty table', () => {
  expect(presentationSpan(tableOf([]))).toEqual({ start: 0, end: 0 });
});

it('slices as if the samples had been picked one by one', () => {
  const chunks = fc.array(
    fc.record({ gap: fc.nat(9), sizes: fc.array(fc.nat(50), { minLength: 1, maxLength: 4 }) }),
  );
  fc.assert(
    fc.property(chunks, fc.nat(), fc.nat(), (parts, a, b) => {
      let at = 0;
      const offsets = parts.map(({ gap, sizes }) => {
        const offset = at + gap;
        at = offset + sizes.reduce((sum, size) => sum + size, 0);
        return offset;
      });
      const rows = parts.flatMap(({ sizes }) => sizes).map((size) => row(size));
      const table = tableOf(
        rows,
        offsets,
        parts.map(({ sizes }) => sizes.length),
      );
      const first = a % (rows.length + 1);
      const count = b % (rows.length + 1 - first);
      const slice = sliceSampleTable(table, first, count);
      expect([...slice.sizes]).toEqual(rows.slice(first, first + count).map(({ size }) => size));
      expect([...sampleOffsets(slice)]).toEqual([...sampleOffsets(table)].slice(first, first + count));
    }),
  );
});

it.each([
  [-1, 1],
  [0, 6],
  [6, 0],
  [NaN, 1],
])('refuses a slice from %p of %p samples', (first, count) => {
  expect(refusalOf(() => sliceSampleTable(TABLE, first, count)).code).toBe('InternalError');
});
