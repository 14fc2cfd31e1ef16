import { DEFAULT_TIME_PATTERN } from '@clipmesh/contracts';
import { compileTimePattern } from './time-pattern';

const AT = Date.UTC(2026, 10, 1, 5, 20, 7);

it.each([
  ["our own recorder's keys", DEFAULT_TIME_PATTERN, `2026/11/01/05/${String(AT)}-12.mp4`, AT],
  ['seconds since 1970', '{epochS}.mp4', `${String(AT / 1000)}.mp4`, AT],
  ['a folder a day', '{yyyy}-{mm}-{dd}/{hh}.{mi}.{ss}.{sss}.mp4', '2026-11-01/05.20.07.250.mp4', AT + 250],
  ['MediaMTX', '{yyyy}-{mm}-{dd}_{hh}-{mi}-{ss}-{us}.mp4', '2026-11-01_05-20-07-499600.mp4', AT + 500],
  ['anything before', '{*}/{*}_{epochMs}.mp4', `cam(1)/x_${String(AT)}.mp4`, AT],
])('reads the start from keys of %s', (_reason, pattern, key, start) => {
  expect(compileTimePattern(pattern)(key)).toBe(start);
});

it.each([
  ['a key with more behind', '{epochMs}.mp4', `${String(AT)}.mp4.part`],
  ['a key with more before', '{epochMs}.mp4', `a/${String(AT)}.mp4`],
  ['a dot that is no dot', '{epochMs}.mp4', `${String(AT)}xmp4`],
  ['a day that no calendar has', '{yyyy}{mm}{dd}{hh}{mi}{ss}', '20260230052007'],
  ['month 13', '{yyyy}{mm}{dd}{hh}{mi}{ss}', '20261301052007'],
  ['a wildcard over a slash', '{*}{epochMs}.mp4', `a/b${String(AT)}.mp4`],
])('reads nothing from %s', (_reason, pattern, key) => {
  expect(compileTimePattern(pattern)(key)).toBeUndefined();
});

it.each([
  ['no instant', '{yyyy}/{mm}/{dd}/{*}.mp4'],
  ['an unknown token', '{epochMs}-{seq}.mp4'],
  ['a token twice', '{epochMs}{epochMs}'],
  ['two wildcards that no slash divides', '{*}a{*}/{epochMs}'],
])('refuses a pattern with %s', (_reason, pattern) => {
  expect(() => compileTimePattern(pattern)).toThrow(/^the time pattern /);
});
