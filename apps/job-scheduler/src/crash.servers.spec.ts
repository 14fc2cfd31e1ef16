import { pause } from '@clipmesh/bus';
import { taskKey, type JobRecord, type Stage, type TaskRecord } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { withNats } from '@clipmesh/testkit';
import { publishWork } from '@clipmesh/service-kit';
import { outcomeOf, TestMesh, writeOutcome } from './testing/mesh';

const servers = withNats();
let mesh: TestMesh;
let jobs = 0;
const aName = (): string => `clip-${(jobs += 1)}`;

afterEach(() => mesh.stop());

/** A mesh without workers or results, and a job in it that nobody has touched since `jobs.put`. */
async function setup(settings = {}): Promise<{ name: string; job: JobRecord; plan: TaskRecord }> {
  mesh = await TestMesh.start(servers.nats.url, settings);
  const name = aName();
  await mesh.put(name);
  return { name, job: await mesh.record(name), plan: (await mesh.task(name, 'plan'))! };
}

const putTask = (task: TaskRecord): Promise<number> => mesh.stores.tasks.put(taskKey(task), task);
const putJob = (job: JobRecord): Promise<number> => mesh.stores.jobs.put(job.name, job);
const aTask = (plan: TaskRecord, stage: Stage): TaskRecord => ({ ...plan, stage });
const done = (task: TaskRecord): TaskRecord => ({
  ...task,
  state: 'done',
  claim: 1,
  attempt: 1,
  outcome: outcomeOf({ ...task, claim: 1 }),
});
const past = () => wallTime(Date.now() - 60_000);
/** The message of a task is gone, as after a crash before its publication. */
const loseMessages = () => mesh.bus.link.jsm.streams.purge('WORK');

function written(job: JobRecord): NonNullable<JobRecord['written']> {
  const outcome = writeOutcome({ jobId: job.id, claim: 1 } as TaskRecord);
  const { stage, ...facts } = outcome;
  return facts;
}

/** Passes of the reconciler until the job has gone its whole way, with workers but without a single hint. */
async function reconcileToTheEnd(name: string): Promise<JobRecord> {
  mesh.workEverything();
  for (;;) {
    await mesh.reconcile();
    const job = await mesh.record(name);
    if (job.cleaned === true && (job.state !== 'completed' || job.written?.sha256 !== undefined)) {
      return job;
    }
  }
}

/** What a crash leaves at each place between two writes. */
const CRASHES: readonly (readonly [
  string,
  (name: string, job: JobRecord, plan: TaskRecord) => Promise<unknown>,
])[] = [
  [
    'between the job and its first task',
    async (_, _job, plan) => {
      await loseMessages();
      await mesh.stores.tasks.delete(taskKey(plan));
    },
  ],
  ['between the first task and its message', loseMessages],
  [
    'between the end of the plan and its hint',
    async (_, _job, plan) => {
      await loseMessages();
      await putTask(done(plan));
    },
  ],
  [
    'between the plan and the next task',
    async (_, job, plan) => {
      await loseMessages();
      await putTask(done(plan));
      await putJob({ ...job, state: 'writing' });
    },
  ],
  [
    'between the next task and its message',
    async (_, job, plan) => {
      await loseMessages();
      await putTask(done(plan));
      await putJob({ ...job, state: 'writing' });
      await putTask({ ...aTask(plan, 'write'), updatedAtMs: past() });
    },
  ],
  [
    'of a worker, with its message',
    async (_, job, plan) => {
      await loseMessages();
      await putTask(done(plan));
      await putJob({ ...job, state: 'writing' });
      const lease = { worker: 'dead', untilMs: past() };
      await putTask({ ...aTask(plan, 'write'), state: 'running', claim: 1, attempt: 1, lease });
    },
  ],
  [
    'between a worker giving back and its message',
    async (_, job, plan) => {
      await loseMessages();
      await putTask(done(plan));
      await putJob({ ...job, state: 'writing' });
      await putTask({ ...aTask(plan, 'write'), claim: 1, updatedAtMs: past() });
    },
  ],
  [
    'between the end of the write and the commit',
    async (_, job, plan) => {
      await loseMessages();
      await putTask(done(plan));
      await putTask(done(aTask(plan, 'write')));
      await putJob({ ...job, state: 'writing' });
    },
  ],
  [
    'between the commit and the video',
    async (_, job, plan) => {
      await loseMessages();
      await putTask(done(plan));
      await putTask(done(aTask(plan, 'write')));
      await putJob({ ...job, state: 'publishing', written: written(job) });
    },
  ],
  [
    'between the end and everything that follows it',
    async (_, job, plan) => {
      await loseMessages();
      await putTask(done(plan));
      await putTask(done(aTask(plan, 'write')));
      await putJob({ ...job, state: 'completed', written: written(job), endedAtMs: wallTime(Date.now()) });
    },
  ],
  [
    'between digest and clean tasks and their records',
    async (_, job, plan) => {
      await loseMessages();
      await putTask(done(plan));
      await putTask(done(aTask(plan, 'write')));
      await putTask(done(aTask(plan, 'digest')));
      await putTask(done(aTask(plan, 'clean')));
      await putJob({ ...job, state: 'completed', written: written(job), endedAtMs: wallTime(Date.now()) });
    },
  ],
];

it.each(CRASHES)('goes on after a crash %s', async (_, crash) => {
  const { name, job, plan } = await setup();
  await crash(name, job, plan);
  const ended = await reconcileToTheEnd(name);
  expect(ended.state).toBe('completed');
  expect(ended.written?.sha256).toBe('ab'.repeat(32));
  const { published, released, digested } = mesh.neighbours;
  expect([published.length <= 1, released.length, digested.length]).toEqual([true, 1, 1]);
  expect(await mesh.events(name)).toContain('completed');
});

it.each([
  ['before anything was stopped', async (_job: JobRecord, plan: TaskRecord) => putTask(plan)],
  [
    'after its tasks were canceled',
    async (_job: JobRecord, plan: TaskRecord) => putTask({ ...plan, state: 'canceled', claim: 1 }),
  ],
  [
    'after everything was removed',
    async (_job: JobRecord, plan: TaskRecord) => {
      await putTask({ ...plan, state: 'canceled', claim: 1 });
      await putTask(done(aTask(plan, 'clean')));
    },
  ],
])('goes on with a cancel that a crash broke off %s', async (_, crash) => {
  const { name, job, plan } = await setup();
  await loseMessages();
  await crash(job, plan);
  await putJob({ ...job, state: 'canceling' });
  const ended = await reconcileToTheEnd(name);
  expect(ended.state).toBe('canceled');
  expect(await mesh.events(name)).toContain('canceled');
});

it('publishes a lost message under a new epoch, and the old one is void', async () => {
  const { name, plan } = await setup();
  await loseMessages();
  // The first pass finds a task as new as its job; its message may still be on its way.
  await putTask({ ...plan, updatedAtMs: past() });
  await mesh.reconcile();
  expect(await mesh.task(name, 'plan')).toMatchObject({ state: 'queued', epoch: 2 });
  await publishWork(mesh.bus, plan);
  mesh.takeResults();
  mesh.workEverything();
  await mesh.untilCleaned(name);
  expect(mesh.ran.filter((run) => run.startsWith('plan'))).toEqual(['plan 1']);
});

it('leaves a task alone whose message waits for a worker, however long', async () => {
  const { name, plan } = await setup();
  await putTask({ ...plan, updatedAtMs: past() });
  await mesh.reconcile();
  expect(await mesh.task(name, 'plan')).toMatchObject({ state: 'queued', epoch: 1 });
  await loseMessages();
});

it('ends a task whose workers have all died, and the job with it', async () => {
  const { name, plan } = await setup();
  await loseMessages();
  const lease = { worker: 'dead', untilMs: past() };
  await putTask({ ...plan, state: 'running', claim: 5, attempt: 5, lease });
  const ended = await reconcileToTheEnd(name);
  expect(ended).toMatchObject({ state: 'failed', reason: { code: 'AttemptsExhausted' } });
});

it('fails a job at its deadline, and stops who works for it', async () => {
  const { name } = await setup({ deadlineMs: 0 });
  const stopped = new Promise((resolve) => {
    mesh.work(['plan'], async (_task, _job, { signal }) => {
      await new Promise((aborted) => {
        signal.addEventListener('abort', aborted);
      });
      resolve(signal.reason);
      throw new Error('let go');
    });
  });
  while ((await mesh.task(name, 'plan'))?.state !== 'running') {
    // A claim takes a moment.
  }
  await mesh.reconcile();
  expect(await stopped).toMatchObject({ code: 'JobCanceled' });
  expect((await mesh.get(name)).properties).toMatchObject({
    state: 'Failed',
    error: { code: 'DeadlineExceeded' },
  });
  mesh.takeResults();
  mesh.work(['clean']);
  await mesh.untilCleaned(name);
});

it('removes an expired job with its tasks', async () => {
  const { name, job } = await setup({ retentionMs: 0 });
  await loseMessages();
  mesh.takeResults();
  const { id } = job;
  await mesh.cancel(name);
  await mesh.untilState(name, 'canceled');
  await mesh.reconcile();
  expect(await mesh.scheduler.service.find(name)).toBeUndefined();
  expect(await mesh.stores.tasks.get(`${id}.plan.0`)).toBeUndefined();
});

it('announces each state once, even after the server has forgotten the ids of its messages', async () => {
  const { name } = await setup();
  const { streams } = mesh.bus.link.jsm;
  const last_by_subj = `clipmesh.v1.events.job.${(await mesh.record(name)).id}.created`;
  const first = await streams.getMessage('EVENTS', { last_by_subj });
  const { config } = await streams.info('EVENTS');
  await streams.update('EVENTS', { duplicate_window: 100e6 });
  try {
    await pause(150);
    await mesh.reconcile();
    expect((await streams.getMessage('EVENTS', { last_by_subj })).seq).toBe(first.seq);
  } finally {
    await streams.update('EVENTS', { duplicate_window: config.duplicate_window });
  }
  await loseMessages();
});
