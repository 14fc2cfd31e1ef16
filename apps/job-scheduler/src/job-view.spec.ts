import { DEFAULT_JOB_OPTIONS, type JobRecord } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { JOB_TRANSITIONS, type JobState } from '@clipmesh/pipeline';
import { viewJob } from './job-view';

const RANGE = { startMs: wallTime(0), endMs: wallTime(1_500) };
const GAP = { startMs: wallTime(500), endMs: wallTime(700), reason: 'not-recorded' as const };
const OBJECT = { bucket: 'exports', key: 'k', etag: 'e', sizeBytes: 7 };

const aJob = (more: Partial<JobRecord> = {}): JobRecord => ({
  format: 1,
  id: 'j1',
  name: 'clip',
  topologyName: 'copy',
  parameters: [
    { name: 'video', value: 'gate' },
    { name: 'password', value: 'hush' },
  ],
  secrets: ['password'],
  options: DEFAULT_JOB_OPTIONS,
  bodyDigest: '',
  pipeline: {
    topologyName: 'copy',
    source: { videoName: 'gate', ranges: [RANGE] },
    sink: { videoName: 'out' },
  },
  state: 'queued',
  createdAtMs: wallTime(1),
  lastModifiedAtMs: wallTime(2),
  deadlineMs: wallTime(3),
  ...more,
});

it('shows nothing of a secret', () => {
  expect(JSON.stringify(viewJob(aJob()))).not.toContain('hush');
});

it('shows each inner state as a public one with a phase', () => {
  const states = Object.keys(JOB_TRANSITIONS) as JobState[];
  expect(
    states.map((state) => {
      const { properties } = viewJob(aJob({ state }));
      return `${state}: ${properties.state}, ${properties.progress.phase} ${properties.progress.percent}`;
    }),
  ).toMatchInlineSnapshot(`
   [
     "queued: Processing, waiting 0",
     "planning: Processing, planning 0",
     "encoding: Processing, encoding 0",
     "writing: Processing, writing 0",
     "publishing: Processing, publishing 0",
     "canceling: Processing, stopping 0",
     "completed: Completed, ended 100",
     "failed: Failed, ended 0",
     "canceled: Canceled, ended 0",
   ]
  `);
});

it('shows the progress of the present phase only', () => {
  const progress = { format: 1, phase: 'encoding', percent: 42, attempt: 2 } as const;
  expect(viewJob(aJob({ state: 'encoding' }), progress).properties.progress).toMatchObject({
    percent: 42,
    attempts: 2,
  });
  expect(viewJob(aJob({ state: 'writing' }), progress).properties.progress).toMatchObject({
    percent: 0,
    attempts: 1,
  });
});

it('shows what is planned as soon as it is', () => {
  const warning = { code: 'GapsClosed', message: 'one gap' } as const;
  const summary = {
    delivered: [RANGE],
    gaps: [GAP],
    warnings: [warning],
    mediaBytes: 1,
    durationMs: 1,
    codecs: [],
  };
  expect(
    viewJob(aJob({ state: 'writing', planned: { plan: OBJECT, summary } })).properties.progress,
  ).toMatchObject({
    delivered: [{ start: '1970-01-01T00:00:00.000Z', end: '1970-01-01T00:00:01.500Z' }],
    gaps: [{ start: '1970-01-01T00:00:00.500Z', end: '1970-01-01T00:00:00.700Z', reason: 'not-recorded' }],
    warnings: [warning],
  });
});

it('shows the output of a completed job, and of no other', () => {
  const written = {
    file: OBJECT,
    manifest: OBJECT,
    treeDigest: 't',
    requested: [RANGE],
    delivered: [RANGE],
    gaps: [],
  };
  expect(viewJob(aJob({ state: 'completed', written })).properties.output).toEqual({
    videoName: 'out',
    bytes: 7,
    treeDigest: 't',
    durationMs: 1_500,
  });
  expect(viewJob(aJob({ state: 'publishing', written })).properties).not.toHaveProperty('output');
});

it('shows every file of a job that made several', () => {
  const file = {
    file: OBJECT,
    manifest: OBJECT,
    treeDigest: 't',
    requested: [RANGE],
    delivered: [RANGE],
    gaps: [],
  };
  const { output, progress } = viewJob(
    aJob({ state: 'completed', written: { ...file, further: [file] } }),
  ).properties;
  expect(output).toMatchObject({ videoName: 'out', further: [{ videoName: 'out-2', bytes: 7 }] });
  expect(progress.delivered).toHaveLength(2);
});

it('shows the error of a failed job without its details, and its expiration', () => {
  const job = aJob({
    state: 'failed',
    reason: { code: 'OutputInvalid', message: 'sizes', atMs: wallTime(5), details: { key: 'k' } },
    expirationMs: wallTime(86_400_000),
  });
  expect(viewJob(job).properties).toMatchObject({
    error: { code: 'OutputInvalid', message: 'sizes' },
    expiration: '1970-01-02T00:00:00.000Z',
  });
  expect(viewJob(job).properties.error).not.toHaveProperty('details');
});
