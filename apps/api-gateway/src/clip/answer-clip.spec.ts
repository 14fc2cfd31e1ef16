import { answerClip } from './answer-clip';
import type { LaidOutClip } from './laid-out-clip';

const BYTES = Buffer.from('0123456789');
const CLIP = {
  spans: [{ kind: 'inline', bytes: BYTES }],
  ends: Float64Array.of(10),
  sizeBytes: 10,
  objects: [],
  etag: '"abc"',
} as unknown as LaidOutClip;

const answer = (headers: Record<string, string> = {}, method = 'GET') => {
  const { body, ...rest } = answerClip(CLIP, method, headers);
  const text = Buffer.concat(body.map((span) => (span.kind === 'inline' ? span.bytes : Buffer.alloc(0))));
  return { ...rest, text: text.toString() };
};

it.each<[string, Record<string, string>, number, string]>([
  ['nothing special', {}, 200, '0123456789'],
  ['a range', { range: 'bytes=2-4' }, 206, '234'],
  ['a range up to the end', { range: 'bytes=7-' }, 206, '789'],
  ['the last bytes', { range: 'bytes=-2' }, 206, '89'],
  ['a unit that we do not know', { range: 'lines=1-2' }, 200, '0123456789'],
  ['a range of the file that the client has', { range: 'bytes=0-1', 'if-range': '"abc"' }, 206, '01'],
  ['a range of another file', { range: 'bytes=0-1', 'if-range': '"old"' }, 200, '0123456789'],
  ['what the client has already', { 'if-none-match': '"abc"' }, 304, ''],
])('answers %s', (_what, headers, status, text) => {
  expect(answer(headers)).toMatchObject({ status, text });
});

it('says how long its body is, whatever it is', () => {
  for (const headers of [{}, { range: 'bytes=2-4' }, { range: 'bytes=20-' }, { 'if-match': '"old"' }]) {
    const { headers: told, text } = answer(headers);
    expect(told['content-length']).toBe(String(text.length));
  }
});

it.each<[string, Record<string, string>, number, string]>([
  ['a condition that does not hold', { 'if-match': '"old"' }, 412, 'PreconditionFailed'],
  ['a range behind the end', { range: 'bytes=10-' }, 416, 'RangeNotSatisfiable'],
])('refuses %s with the body of an error', (_what, headers, status, code) => {
  const refused = answer(headers);
  expect([refused.status, refused.headers['content-type']]).toEqual([
    status,
    'application/json; charset=utf-8',
  ]);
  expect(JSON.parse(refused.text)).toMatchObject({ error: { code } });
});

it('tells the size of the file with a range that it does not have', () => {
  expect(answer({ range: 'bytes=10-' }).headers['content-range']).toBe('bytes */10');
});

it('sends no body to HEAD, which knows no ranges', () => {
  expect(answer({ range: 'bytes=2-4' }, 'HEAD')).toMatchObject({ status: 200, text: '' });
  expect(answer({ 'if-match': '"old"' }, 'HEAD')).toMatchObject({ status: 412, text: '' });
});
