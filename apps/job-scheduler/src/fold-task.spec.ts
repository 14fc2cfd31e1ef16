import type { FeedFacts, JobRecord, TaskRecord } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import type { JobState } from '@clipmesh/pipeline';
import { foldTask } from './fold-task';

const NOW = wallTime(1_000);
const END = { retentionMs: 500 };
const RANGE = { startMs: wallTime(0), endMs: wallTime(1) };
const OBJECT = { bucket: 'work', key: 'k', etag: 'e', sizeBytes: 1 };
const SUMMARY = { delivered: [RANGE], gaps: [], warnings: [], mediaBytes: 1, durationMs: 1, codecs: [] };

const aJob = (state: JobState): JobRecord =>
  ({
    state,
    lastModifiedAtMs: wallTime(0),
  }) as JobRecord;
const aTask = (task: Partial<TaskRecord>): TaskRecord => ({ claim: 1, ...task }) as TaskRecord;
const planned = aTask({
  stage: 'plan',
  state: 'done',
  outcome: { stage: 'plan', plan: OBJECT, summary: SUMMARY },
});
const fed = aTask({
  stage: 'plan',
  state: 'done',
  outcome: { stage: 'plan', plan: OBJECT, summary: SUMMARY, feed: {} as FeedFacts },
});
const encoded = aTask({
  stage: 'encode',
  state: 'done',
  outcome: { stage: 'encode', index: OBJECT, spans: [[0, 1]], gaps: [] },
});
const written = aTask({
  stage: 'write',
  state: 'done',
  outcome: {
    stage: 'write',
    file: OBJECT,
    manifest: OBJECT,
    treeDigest: 't',
    requested: [],
    delivered: [],
    gaps: [],
  },
});
const reason = { kind: 'failed', code: 'CodecUnsupported', message: 'vp9', atMs: NOW } as const;

const fold = (job: JobRecord, task: TaskRecord) => foldTask(job, task, END, NOW);
const state = (job: JobRecord, task: TaskRecord): string => {
  const change = fold(job, task);
  return 'refused' in change ? change.refused : change.job.state;
};

it.each([
  ['a claimed plan', aJob('queued'), aTask({ stage: 'plan', state: 'running' }), 'planning'],
  ['a plan that was given back', aJob('queued'), aTask({ stage: 'plan', state: 'queued' }), 'planning'],
  [
    'a plan that nobody took',
    aJob('queued'),
    aTask({ stage: 'plan', state: 'queued', claim: 0 }),
    'event-not-expected',
  ],
  ['a plan of a job nobody noted as begun', aJob('queued'), planned, 'writing'],
  ['a plan to encode of such a job', aJob('queued'), fed, 'encoding'],
  ['a plan', aJob('planning'), planned, 'writing'],
  ['a plan that was taken in already', aJob('writing'), planned, 'event-not-expected'],
  ['one encoded part of many', aJob('encoding'), encoded, 'event-not-expected'],
  ['a file', aJob('writing'), written, 'publishing'],
  ['a file that comes after a cancel', aJob('canceling'), written, 'job-is-canceling'],
  ['a file that comes after the end', aJob('failed'), written, 'job-is-final'],
  ['a failure', aJob('encoding'), aTask({ stage: 'encode', state: 'failed', reason }), 'failed'],
  [
    'a failure after a cancel',
    aJob('canceling'),
    aTask({ stage: 'encode', state: 'failed', reason }),
    'job-is-canceling',
  ],
  [
    'a task that was canceled for no reason',
    aJob('writing'),
    aTask({ stage: 'write', state: 'canceled' }),
    'failed',
  ],
  [
    'a failed digest',
    aJob('completed'),
    aTask({ stage: 'digest', state: 'failed', reason }),
    'event-not-expected',
  ],
])('takes %s in: %#', (_, job, task, expected) => {
  expect(state(job, task)).toBe(expected);
});

it('announces both steps when a plan is in before its beginning was noted', () => {
  const change = fold(aJob('queued'), planned);
  expect('effects' in change && change.effects).toEqual([
    { type: 'announce', state: 'planning' },
    { type: 'startTask', stage: 'write' },
    { type: 'announce', state: 'writing' },
  ]);
});

it('keeps code, text and details of a failure', () => {
  const task = aTask({ stage: 'plan', state: 'failed', reason: { ...reason, details: { track: 1 } } });
  expect(fold(aJob('planning'), task)).toMatchObject({
    job: { reason: { code: 'CodecUnsupported', message: 'vp9', details: { track: 1 }, atMs: 1_000 } },
  });
});
