import { pause } from '@clipmesh/bus';
import type { TaskRecord } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { withNats } from '@clipmesh/testkit';
import { outcomeOf, TestMesh } from './testing/mesh';

const servers = withNats();
let mesh: TestMesh;
let jobs = 0;
const aName = (): string => `clip-${(jobs += 1)}`;

beforeEach(async () => {
  mesh = await TestMesh.start(servers.nats.url);
  mesh.takeResults();
});
afterEach(() => mesh.stop());

/** Workers of a stage that hold what they take until they are told to stop, and then take a moment to let go. */
function holdFast(stage: 'plan' | 'encode' | 'write'): Promise<TaskRecord> {
  return new Promise((begun) => {
    mesh.work([stage], async (task, _job, { signal }) => {
      begun(task);
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      await pause(50);
      mesh.ran.push('let go');
      throw new Error('let go');
    });
  });
}

it('needs no worker while nobody has begun', async () => {
  const name = aName();
  await mesh.put(name);
  await mesh.cancel(name);
  expect((await mesh.get(name)).properties.state).toBe('Canceled');
  expect(await mesh.events(name)).toEqual(['canceled', 'canceling', 'created']);
});

it('needs no worker for a task whose worker has died', async () => {
  const name = aName();
  await mesh.put(name);
  const { id } = await mesh.record(name);
  const record = (await mesh.stores.tasks.get(`${id}.plan.0`))!;
  const lease = { worker: 'dead', untilMs: wallTime(Date.now() - 1) };
  await mesh.stores.tasks.put(record.key, { ...record.value, state: 'running', claim: 1, attempt: 1, lease });
  await mesh.cancel(name);
  expect(await mesh.task(name, 'plan')).toMatchObject({ state: 'canceled' });
  // What the dead worker wrote is removed as soon as there is somebody to remove it.
  expect((await mesh.get(name)).properties).toMatchObject({
    state: 'Processing',
    progress: { phase: 'stopping' },
  });
  mesh.work(['clean']);
  await mesh.untilState(name, 'canceled');
});

it.each(['plan', 'encode', 'write'] as const)('stops a %s that is under way, then cleans', async (stage) => {
  const name = aName();
  mesh.neighbours.withEncoder = stage === 'encode';
  const begun = holdFast(stage);
  mesh.work((['plan', 'encode', 'write', 'clean'] as const).filter((other) => other !== stage));
  await mesh.put(name);
  await begun;
  await mesh.cancel(name);
  const job = await mesh.untilState(name, 'canceled');
  expect(job).toMatchObject({ cleaned: true });
  expect(job).not.toHaveProperty('written');
  const task = await mesh.task(name, stage);
  // Records of parts go with the scratch: a day has thousands.
  expect(task?.state).toBe(stage === 'encode' ? undefined : 'canceled');
  expect(mesh.ran.slice(-2)).toEqual(['let go', 'clean 1']);
  expect(new Set(mesh.neighbours.released.map(({ jobId }) => jobId))).toEqual(new Set([job.id]));
  expect(mesh.neighbours.published).toHaveLength(0);
});

it('is the same again while the job is canceling', async () => {
  const name = aName();
  const begun = holdFast('plan');
  await mesh.put(name);
  await begun;
  await mesh.cancel(name);
  expect((await mesh.cancel(name)).properties.progress.phase).toBe('stopping');
  mesh.work(['clean']);
  await mesh.untilState(name, 'canceled');
});

it('is refused once the file is committed, and the job completes', async () => {
  const name = aName();
  mesh.workEverything();
  mesh.neighbours.videosAnswer = false;
  await mesh.put(name);
  await mesh.untilState(name, 'publishing');
  await expect(mesh.cancel(name)).rejects.toMatchObject({ code: 'JobCommitted' });
  mesh.neighbours.videosAnswer = true;
  await mesh.untilState(name, 'completed');
  await expect(mesh.cancel(name)).rejects.toMatchObject({ code: 'JobFinal' });
});

it('is refused when there is no such job', async () => {
  await expect(mesh.cancel('nobody')).rejects.toMatchObject({ code: 'JobNotFound', target: 'name' });
});

it('wins or loses against the commit, never both, a hundred times', async () => {
  const written = new Map<string, () => void>();
  mesh.work(['plan', 'clean', 'digest']);
  mesh.work(['write'], async (task) => {
    await new Promise<void>((resolve) => written.set(task.jobName, resolve));
    return outcomeOf(task);
  });
  const outcomes = { canceled: 0, completed: 0 };
  for (let round = 0; round < 100; round += 1) {
    const name = aName();
    await mesh.put(name);
    while (!written.has(name)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    written.get(name)?.();
    // From before the worker's save to behind the scheduler's: the race is swept over.
    await new Promise((resolve) => setTimeout(resolve, (round % 10) * 0.7));
    const canceled = await mesh.cancel(name).then(
      () => true,
      (thrown: unknown) => {
        expect(thrown).toMatchObject({ code: expect.stringMatching(/^Job(Committed|Final)$/) as string });
        return false;
      },
    );
    const job = await mesh.until(name, ({ state, cleaned }) => state === 'canceled' || cleaned === true);
    const published = mesh.neighbours.published.filter(({ jobId }) => jobId === job.id).length;
    expect([job.state, published]).toEqual(canceled ? ['canceled', 0] : ['completed', 1]);
    outcomes[canceled ? 'canceled' : 'completed'] += 1;
  }
  // A race that always ends alike would show nothing.
  expect(Math.min(outcomes.canceled, outcomes.completed)).toBeGreaterThan(0);
}, 60_000);
