import { dutiesOf, needsCare } from './job-effects';

it.each([
  ['a live job', { state: 'writing' }, true],
  ['a failed job that is not cleaned', { state: 'failed' }, true],
  ['a failed job that is cleaned', { state: 'failed', cleaned: true }, false],
  ['a completed job without its digest', { state: 'completed', cleaned: true, written: {} }, true],
  ['a completed job with its digest', { state: 'completed', cleaned: true, written: { sha256: 'a' } }, false],
] as const)('says whether %s needs care', (_, job, care) => {
  expect(needsCare(job)).toBe(care);
});

it('leaves the digest task of a completed job alone while it cleans', () => {
  expect(dutiesOf({ state: 'completed', written: {} }).map(({ type }) => type)).toEqual([
    'announce',
    'startTask',
    'cleanUp',
  ]);
});

it('stops what is still at work for a failed job before it cleans', () => {
  expect(dutiesOf({ state: 'failed' }).map(({ type }) => type)).toEqual(['announce', 'stopTasks', 'cleanUp']);
});
