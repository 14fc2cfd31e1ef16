import { readRanges } from './byte-ranges';

const SIZE = 1000;

describe('readRanges', () => {
  it.each([
    ['no header', undefined, 'whole'],
    ['a range', 'bytes=10-19', [{ start: 10, end: 19 }]],
    ['an open end', 'bytes=990-', [{ start: 990, end: 999 }]],
    ['the last bytes', 'bytes=-10', [{ start: 990, end: 999 }]],
    ['more last bytes than there are', 'bytes=-5000', [{ start: 0, end: 999 }]],
    ['more last bytes than there are, beside others', 'bytes=0-9, -1001', [{ start: 0, end: 999 }]],
    ['an end behind the file', 'bytes=990-5000', [{ start: 990, end: 999 }]],
    [
      'several ranges',
      'bytes=0-9, 20-29',
      [
        { start: 0, end: 9 },
        { start: 20, end: 29 },
      ],
    ],
    ['ranges that overlap', 'bytes=0-19,10-29', [{ start: 0, end: 29 }]],
    ['a start behind the file', 'bytes=1000-', 'outside'],
    ['another unit', 'frames=0-9', 'whole'],
    ['no range at all', 'bytes', 'whole'],
    [
      'more ranges than anybody needs',
      `bytes=${Array.from({ length: 33 }, (_, i) => `${i * 4}-${i * 4}`).join()}`,
      'whole',
    ],
  ])('reads %s', (_what, header, expected) => {
    const ranges = readRanges(header, SIZE);
    expect(typeof ranges === 'string' ? ranges : ranges.map(({ start, end }) => ({ start, end }))).toEqual(
      expected,
    );
  });
});
