import { parseClipQuery } from './clip-query';

const GIVEN = { startTime: '2026-11-01T05:20:00Z', endTime: '2026-11-01T05:21:00+00:00' };
const HOUR_MS = 3_600_000;

const parse = (more: Record<string, unknown> = {}, video = 'gate') =>
  parseClipQuery(video, { ...GIVEN, ...more }, HOUR_MS);

const refusal = (more: Record<string, unknown>, video = 'gate') => {
  try {
    parse(more, video);
  } catch (error) {
    return error;
  }
  throw new Error('it was taken');
};

it('takes a range, and everything else as it is by default', () => {
  expect(parse()).toEqual({
    video: 'gate',
    range: { startMs: Date.parse(GIVEN.startTime), endMs: Date.parse(GIVEN.endTime) },
    edges: 'edit-list',
    gaps: 'collapse',
    onConfigChange: 'fail',
    isDownload: false,
  });
});

it('takes what a job takes, a title, and the version of the API', () => {
  const more = {
    edges: 'keyframe-after',
    gaps: 'fail',
    onConfigChange: 'in-band',
    title: 'A door',
    download: 'true',
  };
  expect(parse({ ...more, 'api-version': '2021-11-01-preview' })).toMatchObject({
    edges: 'keyframe-after',
    gaps: 'fail',
    onConfigChange: 'in-band',
    title: 'A door',
    isDownload: true,
  });
});

it.each<[string, Record<string, unknown>, object]>([
  ['a start that is missing', { startTime: undefined }, { code: 'RangeInvalid', target: 'startTime' }],
  ['a time that is none', { endTime: 'noon' }, { code: 'RangeInvalid', target: 'endTime' }],
  ['an empty range', { endTime: GIVEN.startTime }, { code: 'RangeInvalid', target: 'endTime' }],
  ['too long a range', { endTime: '2026-11-01T06:20:00.001Z' }, { code: 'RangeInvalid', target: 'endTime' }],
  [
    'a parameter given twice',
    { edges: ['edit-list', 'edit-list'] },
    { code: 'RequestInvalid', target: 'edges' },
  ],
  ['several files', { onConfigChange: 'split' }, { code: 'RequestInvalid', target: 'onConfigChange' }],
  ['a title without end', { title: 'a'.repeat(257) }, { code: 'RequestInvalid', target: 'title' }],
  ['a parameter that there is not', { format: 'mp4' }, { code: 'RequestInvalid', target: 'format' }],
])('refuses %s by name', (_what, more, expected) => {
  expect(refusal(more)).toMatchObject(expected);
});

it('refuses a name that is none', () => {
  expect(refusal({}, '../gate')).toMatchObject({ code: 'NameInvalid', target: 'name' });
});
