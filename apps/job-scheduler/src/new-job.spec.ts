import { PutJobBody } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { digestOf, makeJob, readWantedJob } from './new-job';

const wanted = (more: object = {}) =>
  readWantedJob(Object.assign(new PutJobBody(), { name: 'clip', topologyName: 'copy', ...more }));
const digest = (more: object = {}): string => digestOf(wanted(more));

it.each([
  ['defaults spelt out', { options: { gaps: 'collapse', waitForMediaMs: 90_000 } }],
  ['null for a default', { description: null, parameters: null, options: { edges: null } }],
  ['a parameter without a value', { parameters: [{ name: 'unset' }, { name: 'too', value: null }] }],
])('has the same digest with %s', (_, more) => {
  expect(digest(more)).toBe(digest());
});

it('has the same digest for parameters in another order', () => {
  const [a, b] = [
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
  ];
  expect(digest({ parameters: [a, b] })).toBe(digest({ parameters: [b, a] }));
});

it.each([
  ['topology', { topologyName: 'other' }],
  ['description', { description: '' }],
  ['parameter', { parameters: [{ name: 'a', value: '1' }] }],
  ['option', { options: { priority: 'bulk' } }],
])('has another digest for another %s', (_, more) => {
  expect(digest(more)).not.toBe(digest());
});

it('has a new id every time, and a deadline', () => {
  const pipeline = {
    topologyName: 'copy',
    source: { videoName: 'gate', ranges: [] },
    sink: { videoName: 'clip' },
  };
  const make = () => makeJob(wanted(), { pipeline, secrets: [] }, 500, wallTime(1_000));
  expect(make()).toMatchObject({ state: 'queued', createdAtMs: 1_000, deadlineMs: 1_500 });
  expect(make().id).not.toBe(make().id);
});
