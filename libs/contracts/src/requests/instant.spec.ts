import { formatInstant, parseInstant } from './instant';

it.each([
  ['Zulu', '2026-11-01T05:20:00Z', '2026-11-01T05:20:00.000Z'],
  ['milliseconds', '2026-11-01T05:20:00.123Z', '2026-11-01T05:20:00.123Z'],
  ['microseconds, rounded', '2026-11-01T05:20:00.123600+00:00', '2026-11-01T05:20:00.124Z'],
  ['a fraction that rounds into the next second', '2026-11-01T05:20:00.9996Z', '2026-11-01T05:20:01.000Z'],
  ['an offset east', '2026-11-01T07:20:00+02:00', '2026-11-01T05:20:00.000Z'],
  ['an offset west over midnight', '2026-10-31T21:50:00-07:30', '2026-11-01T05:20:00.000Z'],
  ['lower case', '2026-11-01t05:20:00z', '2026-11-01T05:20:00.000Z'],
])('reads %s', (_reason, text, utc) => {
  const time = parseInstant(text);
  expect(time === undefined ? undefined : formatInstant(time)).toBe(utc);
});

it.each([
  ['no zone', '2026-11-01T05:20:00'],
  ['no such day', '2026-02-30T00:00:00Z'],
  ['hour 24', '2026-02-20T24:00:00Z'],
  ['a date only', '2026-02-20'],
  ['text', 'now'],
  ['year of five digits', '12026-02-20T00:00:00Z'],
])('refuses %s', (_reason, text) => {
  expect(parseInstant(text)).toBeUndefined();
});
