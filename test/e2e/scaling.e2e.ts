import { join } from 'node:path';
import { REQUESTS, type WorkerPage } from '@clipmesh/contracts';
import { clipJob, service, type Program } from '@clipmesh/local';
import { frameNumbers, mediaTool } from '@clipmesh/testkit';
import { FollowedTasks } from './followed-tasks';
import { partUnderWay } from './part-under-way';
import { secondsAfter, withWorld } from './world';

/** Leases that outlast the story: what a worker that leaves has in hand goes on because it gives it back. */
const world = withWorld({
  CLIPMESH_PART_SECONDS: '2',
  CLIPMESH_ENCODE_SLOTS: '1',
  CLIPMESH_ACK_WAIT_MS: '120000',
  CLIPMESH_LEASE_MS: '120000',
});
const START = '2026-11-01T05:20:00.000Z';
const FPS = 25;
const SECONDS = 60;
const MOST_WORKERS = 4;

/** Beside the worker of the mesh; not yet started. */
let others: readonly Program[] = [];

beforeAll(async () => {
  const footage = { seconds: SECONDS, fps: FPS, gopSeconds: 2, audio: true, firstNumber: 0 };
  await world().record('yard', START, footage);
  const { env } = world().mesh;
  others = Array.from({ length: MOST_WORKERS - 1 }, (_, i) => {
    const name = `encoder-worker-${String(i + 2)}`;
    const scratch = { CLIPMESH_SCRATCH_DIR: join(world().folder, name) };
    const logFile = join(world().folder, `${name}.log`);
    return service({ app: 'encoder-worker', name, env: { ...env, ...scratch }, logFile });
  });
}, 120_000);

afterEach(async () => {
  await Promise.all(others.map((worker) => worker.stop()));
});

async function encoderWorkers() {
  const { value } = await world().client.bus.request<WorkerPage>(REQUESTS.workersList, {});
  return value.filter(({ stages }) => stages.includes('encode'));
}

/** A job over all that was recorded but half a second at either end. */
async function putJob(name: string) {
  const ranges = [[secondsAfter(START, 0.5), secondsAfter(START, SECONDS - 0.5)]] as const;
  const clip = { name, sourceVideo: 'yard', ranges, preset: 'SingleLayer_540p_H264_AAC' };
  const { id } = await world().client.putJob(clipJob(clip));
  return { id, name, tasks: await FollowedTasks.of(world().client, id) };
}

/** All four have made something of the job, and have something in hand. */
async function allAreAtIt(tasks: FollowedTasks): Promise<void> {
  await tasks.until(
    () => new Set(tasks.doneBy.values()).size === MOST_WORKERS && tasks.holders.size === MOST_WORKERS,
  );
}

/** Every frame of the range, once, and sound that decodes to its end. */
async function expectWhole(path: string): Promise<void> {
  await mediaTool('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-f', 'null', '-']);
  const first = Math.ceil(0.5 * FPS);
  const numbers = Array.from({ length: (SECONDS - 1) * FPS }, (_, i) => first + i);
  expect(await frameNumbers(path)).toEqual(numbers);
}

it('makes one file with 1, then 4, then 1 worker, and the SIGTERMs cost no attempt', async () => {
  const { client, keys, store } = world();
  const underWay = partUnderWay(client);
  const { tasks, ...job } = await putJob('scaled');
  await underWay;
  const [first, ...none] = await encoderWorkers();
  expect(none).toEqual([]);

  await Promise.all(others.map((worker) => worker.start()));
  await allAreAtIt(tasks);
  const able = { slots: 1, version: first?.version, encoders: ['libx264', 'libx265', 'aac'] };
  expect(await encoderWorkers()).toMatchObject(Array.from({ length: MOST_WORKERS }, () => able));

  const exits = await Promise.all(others.map((worker) => worker.stop()));
  const doneBefore = tasks.doneBy.size;
  expect(exits).toEqual(others.map(() => ({ code: 0, signal: null })));
  expect(await encoderWorkers()).toMatchObject([{ id: first?.id }]);
  expect(tasks.interrupted.size).toBeGreaterThan(0);

  const { properties } = await client.jobEnd(job.name);
  expect(properties).toMatchObject({ state: 'Completed', progress: { gaps: [] } });
  await tasks.until(() => tasks.doneBy.size === tasks.records.size);
  await tasks.stop();
  expect(new Set([...tasks.doneBy.values()].slice(doneBefore))).toEqual(new Set([first?.id]));
  expect([...tasks.records.values()].filter(({ attempt }) => attempt !== 1)).toEqual([]);
  await expectWhole(await world().download(job.name));
  await world().cleaned(job);
  expect(await keys('work')).toEqual([]);
  expect(await store.listUploads('work', '')).toEqual([]);
}, 180_000);
