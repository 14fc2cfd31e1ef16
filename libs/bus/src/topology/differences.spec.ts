import { differencesOf } from './differences';

it('what stands as wanted is no difference, and what was not asked for neither', () => {
  expect(differencesOf('s', { a: 1, b: ['x'] }, { a: 1, b: ['x'], c: 3 })).toEqual([]);
});

it('what the server leaves out stands at nothing', () => {
  expect(differencesOf('s', { max_age: 0, sealed: false }, {})).toEqual([]);
});

it('what the server dropped or has otherwise is told', () => {
  expect(differencesOf('stream W', { ttl: true, retention: 'workqueue' }, { retention: 'limits' })).toEqual([
    { of: 'stream W', setting: 'ttl', wanted: true, found: undefined },
    { of: 'stream W', setting: 'retention', wanted: 'workqueue', found: 'limits' },
  ]);
});
