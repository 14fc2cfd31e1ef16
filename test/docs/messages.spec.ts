import {
  BUCKETS,
  cancelSubject,
  deadSubject,
  KV,
  progressSubject,
  refusedSubject,
  REQUESTS,
  resultSubject,
  segmentSubject,
  STREAMS,
  workSubject,
} from '@clipmesh/contracts';
import { readDoc } from './generated';

const page = readDoc('docs/messages.md');

/** The subjects in the first column of the page's tables. */
const documented = [...page.matchAll(/^\| `(clipmesh\.v1\.[^`]+)`/gm)].map((match) => match[1]);

it.each(Object.values(REQUESTS))('docs/messages.md has the request %s', (subject) => {
  expect(documented).toContain(subject);
});

it('docs/messages.md has no request that the code lacks', () => {
  const requests = documented.filter((subject) => !subject?.includes('<'));
  expect(new Set(requests)).toEqual(new Set(Object.values(REQUESTS)));
});

it.each([
  segmentSubject('<video>'),
  workSubject('<stage>' as 'plan', '<lane>' as 'normal', '<job>', '<task>', 7).replace('7', '<epoch>'),
  resultSubject('<stage>' as 'plan', '<job>', '<task>', 7).replace('7', '<epoch>'),
  progressSubject('<job>'),
  cancelSubject('<job>'),
  deadSubject('<stage>' as 'plan', '<job>', '<task>'),
  refusedSubject('<video>'),
])('docs/messages.md has the subject %s', (subject) => {
  expect(documented).toContain(subject);
});

it.each(Object.values(STREAMS).map((stream) => stream.name))('docs/messages.md has the stream %s', (name) => {
  expect(page).toContain(`| ${name} |`);
});

it.each(Object.values(KV).map((bucket) => bucket.name))(
  'docs/messages.md has the key-value bucket %s',
  (name) => {
    expect(page).toContain(`| \`${name}\` |`);
  },
);

it('bucket names of the object store are those that recorders are told', () => {
  expect(BUCKETS).toEqual({ archive: 'archive', index: 'index', work: 'work', exports: 'exports' });
});
