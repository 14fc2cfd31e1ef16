import { join } from 'node:path';
import { decodeMoviePlan } from '@clipmesh/archive';
import { formatInstant, type JobRecord, type TaskOutcome, type TaskRecord } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import type { Postponement } from '@clipmesh/service-kit';
import { makeFootage, withServers } from '@clipmesh/testkit';
import { TestReader } from '../testing/arrange';

// Hooks after the tests run in the order of their declaration: this one before the servers stop.
afterAll(() => reader.close());

const servers = withServers();
const START = Date.UTC(2026, 9, 31, 5, 59, 54);

let reader: TestReader;
let footage = '';

beforeAll(async () => {
  footage = await makeFootage({
    path: join(servers.folder, 'a.mp4'),
    seconds: 4,
    bFrames: 2,
    audio: true,
    layout: 'fragmented',
  });
  reader = await TestReader.open(servers);
}, 60_000);

async function record(video: string, startMs: number): Promise<void> {
  const key = `${video}/${String(startMs)}.mp4`;
  await reader.put(key, footage);
  await reader.take(video, { start: formatInstant(wallTime(startMs)), object: { key } });
}

let jobs = 0;

function jobOf(video: string, fromMs: number, toMs: number, output = `clip-${String(jobs)}`): JobRecord {
  const now = wallTime(reader.clock.nowMs);
  jobs += 1;
  return {
    format: 1,
    id: `job-${String(jobs)}`,
    name: `job-${String(jobs)}`,
    topologyName: 'original-export',
    parameters: [],
    secrets: [],
    options: {
      edges: 'edit-list',
      gaps: 'collapse',
      onConfigChange: 'fail',
      digest: 'later',
      priority: 'normal',
      waitForMediaMs: 90_000,
    },
    bodyDigest: '',
    pipeline: {
      topologyName: 'original-export',
      source: { videoName: video, ranges: [{ startMs: wallTime(fromMs), endMs: wallTime(toMs) }] },
      sink: { videoName: output },
    },
    state: 'planning',
    createdAtMs: now,
    lastModifiedAtMs: now,
    deadlineMs: wallTime(now + 60_000),
  };
}

function run(job: JobRecord, more: Partial<TaskRecord> = {}): Promise<TaskOutcome | Postponement> {
  const task: TaskRecord = {
    format: 1,
    jobId: job.id,
    jobName: job.name,
    stage: 'plan',
    task: 'plan',
    lane: 'normal',
    state: 'running',
    epoch: 1,
    claim: 3,
    attempt: 1,
    updatedAtMs: job.createdAtMs,
    ...more,
  };
  const signal = new AbortController().signal;
  return reader.planner.run(task, job, { signal, claim: 3, progress: () => undefined });
}

it('plans a range over three segments with a gap, across an hour, and stores the plan', async () => {
  await record('gate', START);
  await record('gate', START + 4_000);
  await record('gate', START + 12_000);
  const outcome = await run(jobOf('gate', START + 1_000, START + 14_000, 'gate-clip'));
  if (!('plan' in outcome)) {
    throw new Error('no plan');
  }
  expect(outcome.summary).toMatchObject({
    delivered: [
      { startMs: START + 1_000, endMs: START + 8_000 },
      { startMs: START + 12_000, endMs: START + 14_000 },
    ],
    gaps: [{ startMs: START + 8_000, endMs: START + 12_000, reason: 'not-recorded' }],
    durationMs: 9_000,
    codecs: [expect.stringMatching(/^avc1/), 'mp4a.40.2'],
  });
  expect(outcome.plan.key).toMatch(/^job-\d+\/plan-plan\/3\/plan\.cmp$/);
  const plan = decodeMoviePlan(await reader.store.readAll(outcome.plan));
  expect(plan.objects.map(({ key }) => key)).toEqual(
    [0, 4_000, 12_000].map((offset) => `gate/${String(START + offset)}.mp4`),
  );
  expect(plan.catalogRevisions.map(({ hour }) => hour * 3600_000)).toEqual([START - 3594_000, START + 6_000]);
  expect(await reader.holds.isHeld(plan.video.id)).toBe(true);
  await expect(reader.outputs.reserve('another', { videoName: 'gate-clip' })).rejects.toThrow();
});

it('follows the job where the camera was set anew inside the range', async () => {
  const large = await makeFootage({ path: join(servers.folder, 'large.mp4'), seconds: 4, size: '480x360' });
  await record('reset', START);
  const key = `reset/${String(START + 4_000)}.mp4`;
  await reader.put(key, large);
  await reader.take('reset', { start: formatInstant(wallTime(START + 4_000)), object: { key } });
  const job = jobOf('reset', START + 1_000, START + 7_000);
  await expect(run(job)).rejects.toMatchObject({ code: 'SampleEntryChanged' });
  const inBand: JobRecord = { ...job, options: { ...job.options, onConfigChange: 'in-band' } };
  expect(await run(inBand)).toMatchObject({
    summary: {
      durationMs: 6_000,
      codecs: [expect.stringMatching(/^avc1/), 'mp4a.40.2'],
      warnings: [{ code: 'ConfigurationChanged' }],
    },
  });
  const split: JobRecord = { ...job, options: { ...job.options, onConfigChange: 'split' } };
  const { videoName } = job.pipeline.sink;
  expect(await run(split)).toMatchObject({
    plan: { key: expect.stringMatching(/plan\.cmp$/) as string },
    summary: { delivered: [{ startMs: START + 1_000, endMs: START + 4_000 }] },
    further: [
      {
        plan: { key: expect.stringMatching(/plan-2\.cmp$/) as string },
        summary: { delivered: [{ startMs: START + 4_000, endMs: START + 7_000 }] },
      },
    ],
  });
  await expect(reader.outputs.reserve('another', { videoName: `${videoName}-2` })).rejects.toThrow();
});

it('makes the same plan when it is asked again', async () => {
  await record('twice', START);
  const job = jobOf('twice', START, START + 3_000);
  const [first, second] = [await run(job), await run(job)];
  expect(second).toEqual(first);
});

it.each<[string, () => Promise<JobRecord>, string, RegExp]>([
  [
    'a source that is not there',
    () => Promise.resolve(jobOf('nobody', START, START + 1_000)),
    'SetupValidationFailure',
    /nobody/,
  ],
  [
    'a source that is a file',
    async () => {
      await reader.outputs.reserve('job-x', { videoName: 'file' });
      return jobOf('file', START, START + 1_000);
    },
    'SetupValidationFailure',
    /file/,
  ],
  [
    'a range without media',
    async () => {
      await record('short', START);
      return jobOf('short', START + 60_000, START + 70_000);
    },
    'SetupValidationFailure',
    /short/,
  ],
  [
    'an output name that is taken',
    async () => {
      await record('source', START);
      return jobOf('source', START, START + 1_000, 'source');
    },
    'OutputVideoExists',
    /source/,
  ],
])('fails on %s', async (_reason, arrange, code, message) => {
  await expect(run(await arrange())).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  });
});

it('waits for the end of a range that is still being recorded, then delivers what there is', async () => {
  const begin = reader.clock.nowMs - 6_000;
  await record('live', begin);
  const job = jobOf('live', begin, begin + 7_000);
  expect(await run(job)).toMatchObject({ postpone: { delayMs: 1_000 } });
  await record('live', begin + 4_000);
  expect(await run(job)).toMatchObject({ summary: { durationMs: 7_000, gaps: [], warnings: [] } });

  const longer = jobOf('live', begin, begin + 20_000);
  expect(await run(longer)).toMatchObject({ postpone: { delayMs: 1_000 } });
  reader.clock.nowMs += 90_000;
  const waited = { kind: 'postponed', code: 'InternalError', message: '', atMs: longer.createdAtMs } as const;
  expect(await run(longer, { reason: waited })).toMatchObject({
    summary: { durationMs: 8_000, gaps: [{ startMs: begin + 8_000, endMs: begin + 20_000 }] },
  });
  reader.clock.nowMs = Date.now();
});

it('does not wait for a video that nobody records any more', async () => {
  await record('ended', START);
  expect(await run(jobOf('ended', START, START + 10_000))).toMatchObject({ summary: { durationMs: 4_000 } });
});

it('lets a removal and a plan see each other', async () => {
  await record('raced', START);
  await reader.removal.mark('raced');
  await expect(run(jobOf('raced', START, START + 1_000))).rejects.toMatchObject({
    code: 'SetupValidationFailure',
  });
});
