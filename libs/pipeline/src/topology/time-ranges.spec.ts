import { wallTime } from '@clipmesh/media';
import fc from 'fast-check';
import { parseTimeRanges, rangeLimitProblem } from './time-ranges';

const START = Date.UTC(2021, 9, 5, 3, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const ranges = (text: string): unknown => {
  const reading = parseTimeRanges(text);
  return 'problem' in reading
    ? reading.problem
    : reading.ranges.map((r) => [r.startMs - START, r.endMs - START]);
};

describe('parseTimeRanges', () => {
  it.each([
    ['the final form', '[["2021-10-05T03:30:00Z","2021-10-05T03:40:00Z"]]', [[0, 10 * MINUTE]]],
    ['blanks', ' [ [ "2021-10-05T03:30:00Z" , "2021-10-05T03:40:00Z" ] ] ', [[0, 10 * MINUTE]]],
    ['milliseconds', '[["2021-10-05T03:30:00.250Z","2021-10-05T03:30:00.5Z"]]', [[250, 500]]],
    ['a comma before the fraction', '[["2021-10-05T03:30:00,25Z","2021-10-05T03:30:01Z"]]', [[250, 1000]]],
    [
      'finer fractions, which widen',
      '[["2021-10-05T03:30:00.2509999Z","2021-10-05T03:30:00.5000001Z"]]',
      [[250, 501]],
    ],
    ['UTC as an offset', '[["2021-10-05T03:30:00+00:00","2021-10-05t03:40:00z"]]', [[0, 10 * MINUTE]]],
    [
      'several in the order given',
      '[["2021-10-05T04:30:00Z","2021-10-05T04:31:00Z"],["2021-10-05T03:30:00Z","2021-10-05T03:31:00Z"]]',
      [
        [HOUR, HOUR + MINUTE],
        [0, MINUTE],
      ],
    ],
    ["the tutorial's form", '[[2021-10-05T03:30:00Z, 2021-10-05T03:40:00Z]]', [[0, 10 * MINUTE]]],
    [
      'a leap day',
      '[["2024-02-29T00:00:00Z","2024-02-29T00:00:01Z"]]',
      [[Date.UTC(2024, 1, 29) - START, Date.UTC(2024, 1, 29) + 1000 - START]],
    ],
  ])('reads %s', (_reason, text, expected) => {
    expect(ranges(text)).toEqual(expected);
  });

  const SHAPE = 'expected [["start","end"], ...]';
  const to = (end: string): string => `[["2021-10-05T03:30:00Z","${end}"]]`;
  it.each([
    ['no JSON', 'yesterday', SHAPE],
    ['nothing', '', SHAPE],
    ['an object', '{"start":1}', SHAPE],
    ['a pair that is not in a list', '["2021-10-05T03:30:00Z","2021-10-05T03:40:00Z"]', SHAPE],
    ['one time', '[["2021-10-05T03:30:00Z"]]', SHAPE],
    ['three times', '[["2021-10-05T03:30:00Z","2021-10-05T03:40:00Z","2021-10-05T03:50:00Z"]]', SHAPE],
    ['numbers', '[[1633404600,1633405200]]', SHAPE],
    ['an open quote', '[["2021-10-05T03:30:00Z,2021]]', SHAPE],
    ["the tutorial's dots", '[[..,..]]', '".." is no RFC 3339 time in UTC'],
    ['no range', '[]', 'holds 0 ranges; expected 1 to 100'],
    ['too many', JSON.stringify(Array.from({ length: 101 }, () => ['a', 'b'])), 'holds 101 ranges'],
    ['a local time', to('2021-10-05T03:40:00'), '"2021-10-05T03:40:00" is no RFC 3339 time in UTC'],
    ['another zone', to('2021-10-05T03:40:00+02:00'), '+02:00" is no RFC 3339 time'],
    ['a date alone', to('2021-10-06'), '"2021-10-06" is no RFC 3339 time'],
    ['a day no month has', to('2021-02-30T00:00:00Z'), '"2021-02-30T00:00:00Z" is no'],
    ['month 13', to('2021-13-01T00:00:00Z'), 'is no RFC 3339'],
    ['hour 24', to('2021-10-05T24:00:00Z'), 'is no RFC 3339'],
    ['the year 50', to('0050-10-05T00:00:00Z'), 'is no RFC 3339'],
    ['an end at the start', to('2021-10-05T03:30:00Z'), 'is not before end "2021-10-05T03:30:00Z"'],
    ['an end before the start', to('2021-10-05T03:29:59.999Z'), 'start "2021-10-05T03:30:00Z" is not before'],
  ])('refuses %s', (_reason, text, problem) => {
    expect(ranges(text)).toContain(problem);
  });

  it('gives the old form as JSON, and JSON as it was', () => {
    const text = '[[2021-10-05T03:30:00Z, "2021-10-05T03:40:00Z"]]';
    expect(parseTimeRanges(text)).toMatchObject({
      text: '[["2021-10-05T03:30:00Z", "2021-10-05T03:40:00Z"]]',
    });
    const json = ' [["2021-10-05T03:30:00Z","2021-10-05T03:40:00Z"]]';
    expect(parseTimeRanges(json)).toMatchObject({ text: json });
  });

  it('never throws', () => {
    const pieces = fc.constantFrom(
      '[',
      ']',
      ',',
      '"',
      '2021-10-05T03:30:00Z',
      ' ',
      '2021-10-05T03:40:00.1Z',
      'x',
      '{',
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((some) => some.join('')),
        (text) => {
          expect(parseTimeRanges(text)).toBeDefined();
        },
      ),
    );
  });
});

describe('rangeLimitProblem', () => {
  const now = wallTime(START);
  const range = (from: number, to: number): { startMs: typeof now; endMs: typeof now } => ({
    startMs: wallTime(START + from),
    endMs: wallTime(START + to),
  });
  const limits = { maxSpanMs: 24 * HOUR, maxFutureMs: 24 * HOUR };

  it.each([
    ['a whole day', [range(-24 * HOUR, 0)], undefined],
    [
      'more than a day',
      [range(-24 * HOUR, 1)],
      'the ranges together hold 24.001 h; at most 24 h are allowed',
    ],
    [
      'more than a day in two',
      [range(-13 * HOUR, 0), range(-30 * HOUR, -18 * HOUR)],
      'the ranges together hold 25 h; at most 24 h are allowed',
    ],
    ['an end a day ahead', [range(0, 24 * HOUR)], undefined],
    [
      'an end further ahead',
      [range(HOUR, 24 * HOUR + 1)],
      'the end 2021-10-06T03:30:00.001Z is more than 24 h ahead',
    ],
  ])('%s', (_reason, given, problem) => {
    expect(rangeLimitProblem(given, limits, now)).toBe(problem);
  });
});
