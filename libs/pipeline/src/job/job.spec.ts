import { wallTime } from '@clipmesh/media';
import * as fc from 'fast-check';
import {
  claim,
  commit,
  drain,
  giveUp,
  noteCleaned,
  noteDigest,
  plan,
  publish,
  recordParts,
  requestCancel,
  type Job,
  type JobChange,
} from './job';
import type { JobState } from './job-state';
import { isFinal, JOB_TRANSITIONS, type JobEvent } from './job-transitions';

interface TestJob extends Job {
  readonly name: string;
  readonly planned?: { readonly feed?: string };
  readonly encoded?: string;
  readonly written?: { readonly key: string; readonly sha256?: string };
}

const NOW = wallTime(1_000);
const END = { retentionMs: 500 };
const STATES = Object.keys(JOB_TRANSITIONS) as JobState[];

function aJob(state: JobState, more: Partial<TestJob> = {}): TestJob {
  return { name: 'clip', state, lastModifiedAtMs: wallTime(0), ...more };
}

/** Every event as its function does it; `plan` chooses between two. */
const EVENTS: Record<JobEvent, (job: TestJob) => JobChange<TestJob>> = {
  claimed: (job) => claim(job, NOW),
  toEncode: (job) => plan(job, { planned: { feed: 'feed' } }, NOW),
  toCopy: (job) => plan(job, { planned: {} }, NOW),
  allPartsIn: (job) => recordParts(job, { encoded: 'parts' }, NOW),
  written: (job) => commit(job, { written: { key: 'file' } }, NOW),
  published: (job) => publish(job, END, NOW),
  gaveUp: (job) => giveUp(job, { ...END, code: 'CodecUnsupported', message: 'vp9' }, NOW),
  cancelRequested: (job) => requestCancel(job, NOW),
  drained: (job) => drain(job, END, NOW),
};
const EVENT_NAMES = Object.keys(EVENTS) as JobEvent[];

const outcome = (change: JobChange<TestJob>): string =>
  'refused' in change ? change.refused : `→ ${change.job.state}`;

function changed(change: JobChange<TestJob>): TestJob {
  if ('refused' in change) {
    throw new Error(change.refused);
  }
  return change.job;
}

it('leads every state by every event where the table says', () => {
  const rows = STATES.map((state) => [
    state,
    Object.fromEntries(EVENT_NAMES.map((event) => [event, outcome(EVENTS[event](aJob(state)))])),
  ]);
  expect(Object.fromEntries(rows)).toMatchInlineSnapshot(`
   {
     "canceled": {
       "allPartsIn": "job-is-final",
       "cancelRequested": "job-is-final",
       "claimed": "job-is-final",
       "drained": "job-is-final",
       "gaveUp": "job-is-final",
       "published": "job-is-final",
       "toCopy": "job-is-final",
       "toEncode": "job-is-final",
       "written": "job-is-final",
     },
     "canceling": {
       "allPartsIn": "job-is-canceling",
       "cancelRequested": "job-is-canceling",
       "claimed": "job-is-canceling",
       "drained": "→ canceled",
       "gaveUp": "job-is-canceling",
       "published": "job-is-canceling",
       "toCopy": "job-is-canceling",
       "toEncode": "job-is-canceling",
       "written": "job-is-canceling",
     },
     "completed": {
       "allPartsIn": "job-is-final",
       "cancelRequested": "job-is-final",
       "claimed": "job-is-final",
       "drained": "job-is-final",
       "gaveUp": "job-is-final",
       "published": "job-is-final",
       "toCopy": "job-is-final",
       "toEncode": "job-is-final",
       "written": "job-is-final",
     },
     "encoding": {
       "allPartsIn": "→ writing",
       "cancelRequested": "→ canceling",
       "claimed": "event-not-expected",
       "drained": "event-not-expected",
       "gaveUp": "→ failed",
       "published": "event-not-expected",
       "toCopy": "event-not-expected",
       "toEncode": "event-not-expected",
       "written": "event-not-expected",
     },
     "failed": {
       "allPartsIn": "job-is-final",
       "cancelRequested": "job-is-final",
       "claimed": "job-is-final",
       "drained": "job-is-final",
       "gaveUp": "job-is-final",
       "published": "job-is-final",
       "toCopy": "job-is-final",
       "toEncode": "job-is-final",
       "written": "job-is-final",
     },
     "planning": {
       "allPartsIn": "event-not-expected",
       "cancelRequested": "→ canceling",
       "claimed": "event-not-expected",
       "drained": "event-not-expected",
       "gaveUp": "→ failed",
       "published": "event-not-expected",
       "toCopy": "→ writing",
       "toEncode": "→ encoding",
       "written": "event-not-expected",
     },
     "publishing": {
       "allPartsIn": "job-is-committed",
       "cancelRequested": "job-is-committed",
       "claimed": "job-is-committed",
       "drained": "job-is-committed",
       "gaveUp": "job-is-committed",
       "published": "→ completed",
       "toCopy": "job-is-committed",
       "toEncode": "job-is-committed",
       "written": "job-is-committed",
     },
     "queued": {
       "allPartsIn": "event-not-expected",
       "cancelRequested": "→ canceling",
       "claimed": "→ planning",
       "drained": "event-not-expected",
       "gaveUp": "→ failed",
       "published": "event-not-expected",
       "toCopy": "event-not-expected",
       "toEncode": "event-not-expected",
       "written": "event-not-expected",
     },
     "writing": {
       "allPartsIn": "event-not-expected",
       "cancelRequested": "→ canceling",
       "claimed": "event-not-expected",
       "drained": "event-not-expected",
       "gaveUp": "→ failed",
       "published": "event-not-expected",
       "toCopy": "event-not-expected",
       "toEncode": "event-not-expected",
       "written": "→ publishing",
     },
   }
  `);
});

it('asks for the effects of the state that it leads to', () => {
  const wanted = (state: JobState, event: JobEvent): readonly string[] => {
    const change = EVENTS[event](aJob(state));
    return 'refused' in change
      ? []
      : change.effects.map(({ type, ...rest }) => [type, ...Object.values(rest)].join(' '));
  };
  expect({
    claimed: wanted('queued', 'claimed'),
    toEncode: wanted('planning', 'toEncode'),
    toCopy: wanted('planning', 'toCopy'),
    allPartsIn: wanted('encoding', 'allPartsIn'),
    written: wanted('writing', 'written'),
    published: wanted('publishing', 'published'),
    gaveUp: wanted('planning', 'gaveUp'),
    cancelRequested: wanted('writing', 'cancelRequested'),
    drained: wanted('canceling', 'drained'),
  }).toMatchInlineSnapshot(`
   {
     "allPartsIn": [
       "startTask write",
       "announce writing",
     ],
     "cancelRequested": [
       "announce canceling",
       "stopTasks",
       "cleanUp",
     ],
     "claimed": [
       "startTask plan",
       "announce planning",
     ],
     "drained": [
       "announce canceled",
     ],
     "gaveUp": [
       "announce failed",
       "stopTasks",
       "cleanUp",
     ],
     "published": [
       "announce completed",
       "startTask digest",
       "cleanUp",
     ],
     "toCopy": [
       "startTask write",
       "announce writing",
     ],
     "toEncode": [
       "encodeParts",
       "announce encoding",
     ],
     "written": [
       "publishVideo",
       "announce publishing",
     ],
   }
  `);
});

it('reaches a final state from every state', () => {
  for (const state of STATES) {
    const seen = new Set<JobState>([state]);
    for (const reached of seen) {
      Object.values(JOB_TRANSITIONS[reached]).forEach((next) => seen.add(next));
    }
    expect([...seen].some(isFinal)).toBe(true);
  }
});

it('leaves no final state', () => {
  expect(STATES.filter(isFinal)).toEqual(['completed', 'failed', 'canceled']);
});

it('refuses every event the second time', () => {
  for (const state of STATES) {
    for (const event of EVENT_NAMES) {
      const first = EVENTS[event](aJob(state));
      if (!('refused' in first)) {
        expect(EVENTS[event](first.job)).toHaveProperty('refused');
      }
    }
  }
});

it('never lets a job be both canceled and published, whatever the order of events', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENT_NAMES), { maxLength: 30 }), (events) => {
      let job = aJob('queued');
      const visited = new Set<JobState>([job.state]);
      for (const event of events) {
        const change = EVENTS[event](job);
        if (!('refused' in change)) {
          expect(isFinal(job.state)).toBe(false);
          job = change.job;
          visited.add(job.state);
        }
      }
      expect(visited.has('publishing') && visited.has('canceling')).toBe(false);
      expect(visited.has('completed')).toBe(isFinal(job.state) && visited.has('publishing'));
    }),
  );
});

it('says why a cancel is refused', () => {
  const refusals = STATES.map((state) => outcome(requestCancel(aJob(state), NOW)));
  expect(refusals).toEqual([
    '→ canceling',
    '→ canceling',
    '→ canceling',
    '→ canceling',
    'job-is-committed',
    'job-is-canceling',
    'job-is-final',
    'job-is-final',
    'job-is-final',
  ]);
});

it('dates the end and the removal of the record', () => {
  expect(changed(publish(aJob('publishing'), END, NOW))).toMatchObject({
    lastModifiedAtMs: 1_000,
    endedAtMs: 1_000,
    expirationMs: 1_500,
  });
});

it('keeps the reason of a failure apart from the state', () => {
  const failed = changed(
    giveUp(aJob('writing'), { ...END, code: 'OutputInvalid', message: 'sizes', details: { key: 'k' } }, NOW),
  );
  expect(failed).toMatchObject({
    state: 'failed',
    reason: { code: 'OutputInvalid', message: 'sizes', details: { key: 'k' }, atMs: 1_000 },
  });
});

it('carries members that it does not know along', () => {
  expect(changed(commit(aJob('writing', { planned: {} }), { written: { key: 'file' } }, NOW))).toEqual({
    ...aJob('publishing', { planned: {}, written: { key: 'file' } }),
    lastModifiedAtMs: 1_000,
  });
});

describe('what follows the end', () => {
  it.each([
    ['live', aJob('writing'), 'event-not-expected'],
    ['cleaned already', aJob('failed', { cleaned: true }), 'event-not-expected'],
    ['ended', aJob('failed'), '→ failed'],
  ])('notes the cleaning of a job that is %s: %s', (_, job, expected) => {
    expect(outcome(noteCleaned(job, NOW))).toBe(expected);
  });

  it.each([
    ['is not completed', aJob('canceled', { written: { key: 'file' } }), 'event-not-expected'],
    ['has its digest', aJob('completed', { written: { key: 'file', sha256: 'a' } }), 'event-not-expected'],
    ['waits for it', aJob('completed', { written: { key: 'file' } }), '→ completed'],
  ])('notes the digest of a job that %s', (_, job, expected) => {
    expect(outcome(noteDigest(job, { written: { key: 'file', sha256: 'b' } }, NOW))).toBe(expected);
  });

  it('has no second digest made when the file was hashed before the end', () => {
    const change = publish(aJob('publishing', { written: { key: 'file', sha256: 'a' } }), END, NOW);
    expect(change).toMatchObject({ effects: [{ type: 'announce' }, { type: 'cleanUp' }] });
  });
});
