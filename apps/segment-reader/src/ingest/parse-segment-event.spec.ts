import * as fc from 'fast-check';
import { ExportError } from '@clipmesh/errors';
import { originalEvent, parseSegmentEvent } from './parse-segment-event';

const START = '2026-11-01T05:20:00.000Z';
const PLAIN = { start: START, object: { key: 'gate-1/a.mp4' } };

const bytes = (value: unknown): Uint8Array =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const parse = (value: unknown) => parseSegmentEvent('gate-1', bytes(value));

function refusalOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('was not refused');
}

it('takes the least that an event can say', () => {
  expect(parse(PLAIN)).toEqual({ video: 'gate-1', startMs: Date.parse(START), key: 'gate-1/a.mp4' });
});

it('takes all that an event can say, and what it does not know', () => {
  expect(
    parse({
      format: 1,
      video: 'gate-1',
      start: START,
      end: '2026-11-01T05:20:30.033Z',
      durationMs: 30_000,
      object: { bucket: 'archive', key: 'k', bytes: 12, sha256: 'AB'.repeat(32) },
      sequence: 7,
      continuesPrevious: true,
      clock: { offsetMs: -12.5, source: 'ntp' },
      reason: 'time',
      site: 'north',
    }),
  ).toEqual({
    video: 'gate-1',
    startMs: Date.parse(START),
    endMs: Date.parse(START) + 30_033,
    key: 'k',
    bytes: 12,
    sha256: 'ab'.repeat(32),
  });
});

it.each([
  ['data', { specversion: '1.0', type: 'x', data: PLAIN }],
  ['data_base64', { specversion: '1.0', data_base64: Buffer.from(bytes(PLAIN)).toString('base64') }],
])('takes the %s of a CloudEvent', (_member, event) => {
  expect(parse(event).key).toBe('gate-1/a.mp4');
});

it.each([
  ['no JSON', 'hello', undefined],
  ['empty', '', undefined],
  ['an array', [], undefined],
  ['null', 'null', undefined],
  ['another video', { ...PLAIN, video: 'gate-2' }, 'video'],
  ['a format that is no number', { ...PLAIN, format: '1' }, 'format'],
  ['no start', { object: PLAIN.object }, 'start'],
  ['a local time', { ...PLAIN, start: '2026-11-01T05:20:00' }, 'start'],
  ['an end before the start', { ...PLAIN, end: '2026-11-01T05:19:59Z' }, 'end'],
  [
    'an end that contradicts the duration',
    { ...PLAIN, end: '2026-11-01T05:21:00Z', durationMs: 30_000 },
    'end',
  ],
  ['a duration of nothing', { ...PLAIN, durationMs: 0 }, 'durationMs'],
  ['no object', { start: START }, 'object'],
  ['another bucket', { ...PLAIN, object: { bucket: 'work', key: 'a' } }, 'object.bucket'],
  ['an empty key', { ...PLAIN, object: { key: '' } }, 'object.key'],
  ['a key that climbs', { ...PLAIN, object: { key: 'a/../b' } }, 'object.key'],
  ['a key with a line break', { ...PLAIN, object: { key: 'a\nb' } }, 'object.key'],
  ['a key beyond S3', { ...PLAIN, object: { key: 'é'.repeat(600) } }, 'object.key'],
  ['a negative size', { ...PLAIN, object: { key: 'a', bytes: -1 } }, 'object.bytes'],
  ['a short digest', { ...PLAIN, object: { key: 'a', sha256: 'abcd' } }, 'object.sha256'],
  ['a CloudEvent without data', { specversion: '1.0' }, 'data'],
])('refuses %s', (_reason, event, target) => {
  expect(refusalOf(() => parse(event))).toMatchObject({ code: 'SegmentEventInvalid', target });
});

it('gives an event of a newer release back', () => {
  expect(refusalOf(() => parse({ ...PLAIN, format: 2 }))).toMatchObject({ code: 'FormatUnsupported' });
});

it('refuses a subject that is no name', () => {
  expect(refusalOf(() => parseSegmentEvent('a b', bytes(PLAIN)))).toMatchObject({
    code: 'SegmentEventInvalid',
  });
});

it('answers any bytes with an event or a refusal', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(bytes)), (body) => {
      try {
        parseSegmentEvent('gate-1', body);
      } catch (error) {
        expect(error).toBeInstanceOf(ExportError);
      }
      originalEvent(body);
    }),
  );
});
