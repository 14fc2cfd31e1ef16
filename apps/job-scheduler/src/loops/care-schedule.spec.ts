import { wallTime } from '@clipmesh/media';
import type { JobEntry } from '../job-index';
import { CareSchedule } from './care-schedule';

const PASS_MS = 100;

const entry = (more: Partial<JobEntry> = {}): JobEntry => ({
  name: 'clip',
  id: 'j1',
  revision: 1,
  topologyName: 'copy',
  state: 'Processing',
  isFinal: false,
  needsCare: true,
  expirationMs: undefined,
  encoding: undefined,
  ...more,
});

/** In which of the passes the job is looked at, when nothing happens to it. */
function passesWithCare(passes: number, of: (pass: number) => JobEntry): number[] {
  const schedule = new CareSchedule(PASS_MS);
  return Array.from({ length: passes }, (_, pass) => pass).filter(
    (pass) => schedule.due([of(pass)], pass * PASS_MS).length > 0,
  );
}

it('looks at every job in the first pass, then ever less often', () => {
  expect(passesWithCare(30, () => entry())).toEqual([0, 1, 2, 4, 8, 14, 20, 26]);
});

it('looks at a new job one pass after it is first seen', () => {
  const schedule = new CareSchedule(PASS_MS);
  schedule.due([], 0);
  expect(schedule.due([entry()], PASS_MS)).toEqual([]);
  expect(schedule.due([entry()], 2 * PASS_MS)).toHaveLength(1);
});

it('lets a job be that changes with every pass: it is in good hands', () => {
  expect(passesWithCare(5, (pass) => entry({ revision: pass }))).toEqual([0]);
});

it.each([
  ['nothing is left to do for', entry({ needsCare: false }), []],
  ['has not expired', entry({ needsCare: false, expirationMs: wallTime(1_000_000) }), []],
  ['has expired', entry({ needsCare: false, expirationMs: wallTime(0) }), [0, 1, 2]],
])('looks at a job that %s in passes %#', (_, job, passes) => {
  expect(passesWithCare(3, () => job)).toEqual(passes);
});
