import { Bus, type WorkLoop } from '@clipmesh/bus';
import { cancelSubject, deadSubject, STREAMS, type TaskOutcome, type TaskPointer } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { withNats } from '@clipmesh/testkit';
import { RELEASE } from '../boot/release';
import type { JobStores } from './job-stores';
import type { RunTask, TaskContext } from './task-context';
import { publishWork } from './task-messages';
import { TaskRunner, type TaskRunnerOptions } from './task-runner';
import {
  ACK_WAIT_MS,
  aJob,
  aTask,
  collectHints,
  declareStreams,
  quiet,
  store,
  storesOf,
  until,
} from './testing/arrange';

const servers = withNats();
let bus: Bus;
let stores: JobStores;
let hints: TaskPointer[];
let hintLoop: WorkLoop;
let runners: TaskRunner[] = [];

beforeAll(async () => {
  bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
  await declareStreams(bus);
  stores = storesOf(bus);
  ({ hints, loop: hintLoop } = collectHints(bus));
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop()));
  runners = [];
});
afterAll(async () => {
  await hintLoop.stop();
  await bus.close();
});

const DIGEST: TaskOutcome = { stage: 'digest', sha256: 'made' };

function start(run: RunTask, more: Partial<TaskRunnerOptions> = {}): TaskRunner {
  const runner = new TaskRunner({
    bus,
    worker: `w${runners.length + 1}`,
    stages: ['write'],
    slots: 4,
    settings: { ackWaitMs: ACK_WAIT_MS, leaseMs: 600, maxAttempts: 3, retryDelayMs: 10 },
    logger: quiet,
    run,
    ...more,
  });
  runners.push(runner);
  runner.start();
  return runner;
}

/** A run that stays until it is aborted, and tells when it has begun and why it ended. */
function aLongRun() {
  let begun: (context: TaskContext) => void;
  let ended: (reason: unknown) => void;
  const hasBegun = new Promise<TaskContext>((resolve) => (begun = resolve));
  const hasEnded = new Promise<unknown>((resolve) => (ended = resolve));
  const run: RunTask = async (_task, _job, context) => {
    begun(context);
    await new Promise((resolve) => {
      context.signal.addEventListener('abort', resolve);
    });
    ended(context.signal.reason);
    throw new Error('let go');
  };
  return { run, hasBegun, hasEnded };
}

async function waitingMessages(): Promise<number> {
  return (await bus.link.jsm.streams.info(STREAMS.work.name)).state.messages;
}

async function deadLetter(task: { stage: 'write'; jobId: string; task: string }): Promise<unknown> {
  const message = await bus.link.jsm.streams.getMessage(STREAMS.dead.name, {
    last_by_subj: deadSubject(task.stage, task.jobId, task.task),
  });
  return message.json();
}

const isState =
  (state: string) =>
  (task: { readonly state: string }): boolean =>
    task.state === state;

it('stores the outcome, hints to the scheduler, and removes the message', async () => {
  const task = aTask(aJob());
  const job = aJob({ id: task.jobId, name: task.jobName });
  const key = await store(stores, job, task);
  const seen: unknown[] = [];
  await publishWork(bus, task);
  const runner = start((ownTask, ownJob, { claim }) => {
    seen.push(ownTask.attempt, ownJob, claim);
    return Promise.resolve(DIGEST);
  });
  const done = await until(stores.tasks, key, isState('done'));
  await runner.stop();
  expect(seen).toEqual([1, job, 1]);
  expect(done).toMatchObject({ outcome: DIGEST, claim: 1, attempt: 1 });
  expect(done).not.toHaveProperty('lease');
  expect(hints.filter(({ jobId }) => jobId === job.id)).toHaveLength(1);
  expect(await waitingMessages()).toBe(0);
});

it('shows what it is able to do as long as it is there', async () => {
  const runner = start(() => Promise.resolve(DIGEST), { worker: 'able', encoders: ['aac'] });
  const shown = await until(stores.workers, 'able', () => true);
  expect(shown).toMatchObject({ stages: ['write'], slots: 4, version: RELEASE, encoders: ['aac'] });
  await runner.stop();
  expect(await stores.workers.get('able')).toBeUndefined();
});

it('tries again after a transient failure, and counts the attempt', async () => {
  const job = aJob();
  const task = aTask(job);
  const key = await store(stores, job, task);
  await publishWork(bus, task);
  start((own) =>
    own.attempt === 1
      ? Promise.reject(new ExportError('EncoderCrashed', { message: 'exit code 1' }))
      : Promise.resolve(DIGEST),
  );
  expect(await until(stores.tasks, key, isState('done'))).toMatchObject({
    claim: 2,
    attempt: 2,
    reason: { kind: 'failed', code: 'EncoderCrashed' },
  });
});

it('gives up at once what cannot work, and keeps a dead letter', async () => {
  const job = aJob();
  const task = aTask(job);
  const key = await store(stores, job, task);
  await publishWork(bus, task);
  const runner = start(() => Promise.reject(new ExportError('CodecUnsupported', { message: 'vp9' })));
  expect(await until(stores.tasks, key, isState('failed'))).toMatchObject({ attempt: 1 });
  await runner.stop();
  expect(await deadLetter({ ...task, stage: 'write' })).toMatchObject({
    reason: { code: 'CodecUnsupported' },
  });
  expect(await waitingMessages()).toBe(0);
});

it('gives up when attempts are used up, and names the last error', async () => {
  const job = aJob();
  const task = aTask(job);
  const key = await store(stores, job, task);
  await publishWork(bus, task);
  start(() => Promise.reject(new Error('a defect')));
  expect(await until(stores.tasks, key, isState('failed'))).toMatchObject({
    attempt: 3,
    reason: { code: 'AttemptsExhausted', details: { lastCode: 'InternalError' } },
  });
});

it('waits for media without using attempts up', async () => {
  const job = aJob();
  const task = aTask(job);
  const key = await store(stores, job, task);
  await publishWork(bus, task);
  start((own) =>
    Promise.resolve(own.claim < 5 ? { postpone: { delayMs: 5, reason: 'ten seconds more' } } : DIGEST),
  );
  expect(await until(stores.tasks, key, isState('done'))).toMatchObject({
    claim: 5,
    attempt: 1,
    reason: { kind: 'postponed', code: 'MediaAwaited' },
  });
});

it('gives the attempt back when the worker is stopping, and another goes on at once', async () => {
  const job = aJob();
  const task = aTask(job);
  const key = await store(stores, job, task);
  await publishWork(bus, task);
  const first = aLongRun();
  const leaving = start(first.run, {
    settings: { ackWaitMs: 60_000, leaseMs: 60_000, maxAttempts: 1, retryDelayMs: 10 },
  });
  await first.hasBegun;
  await leaving.stop();
  expect((await stores.tasks.get(key))?.value).toMatchObject({
    state: 'queued',
    claim: 1,
    attempt: 0,
    reason: { kind: 'interrupted' },
  });
  start(() => Promise.resolve(DIGEST));
  expect(await until(stores.tasks, key, isState('done'))).toMatchObject({ claim: 2, attempt: 1 });
});

describe('a cancel', () => {
  it('stops the run at the nudge', async () => {
    const job = aJob();
    const task = aTask(job);
    const key = await store(stores, job, task);
    await publishWork(bus, task);
    const long = aLongRun();
    start(long.run, { settings: { ackWaitMs: 60_000, leaseMs: 60_000, maxAttempts: 1, retryDelayMs: 10 } });
    await long.hasBegun;
    await stores.jobs.put(job.name, { ...job, state: 'canceling' });
    bus.nudge(cancelSubject(job.id), {});
    expect(await long.hasEnded).toMatchObject({ code: 'JobCanceled' });
    expect(await until(stores.tasks, key, isState('canceled'))).toMatchObject({
      reason: { kind: 'canceled' },
    });
  });

  it('stops the run at the next heartbeat when the nudge is lost', async () => {
    const job = aJob();
    const task = aTask(job);
    const key = await store(stores, job, task);
    await publishWork(bus, task);
    const long = aLongRun();
    start(long.run);
    await long.hasBegun;
    await stores.jobs.put(job.name, { ...job, state: 'canceling' });
    expect(await long.hasEnded).toMatchObject({ code: 'JobCanceled' });
    await until(stores.tasks, key, isState('canceled'));
  });

  it.each([
    ['is being canceled', { state: 'canceling' as const }],
    ['was deleted and made anew under its name', { id: 'other' }],
  ])('keeps work of a job that %s from being begun', async (_, change) => {
    const job = aJob();
    const task = aTask(job);
    const key = await store(stores, { ...job, ...change }, task);
    await publishWork(bus, task);
    let runs = 0;
    start(() => {
      runs += 1;
      return Promise.resolve(DIGEST);
    });
    await until(stores.tasks, key, isState('canceled'));
    expect(runs).toBe(0);
  });

  it('leaves cleaning alone', async () => {
    const job = aJob({ state: 'canceling' });
    const task = aTask(job, { stage: 'clean' });
    const key = await store(stores, job, task);
    await publishWork(bus, task);
    start(
      async () => {
        bus.nudge(cancelSubject(job.id), {});
        await bus.link.nc.flush();
        return { stage: 'clean' };
      },
      { stages: ['clean'] },
    );
    await until(stores.tasks, key, isState('done'));
  });
});

describe('a lease', () => {
  it('is renewed for as long as the run lasts', async () => {
    const job = aJob();
    const task = aTask(job);
    const key = await store(stores, job, task);
    await publishWork(bus, task);
    let renewals = 0;
    const run: RunTask = async (own) => {
      const firstEnd = own.lease?.untilMs ?? 0;
      await until(stores.tasks, key, ({ lease }) => {
        renewals += (lease?.untilMs ?? 0) > firstEnd ? 1 : 0;
        return renewals >= 4;
      });
      return DIGEST;
    };
    start(run, { worker: 'a' });
    start(run, { worker: 'b' });
    expect(await until(stores.tasks, key, isState('done'))).toMatchObject({ claim: 1 });
  });

  it('that ran out lets another worker take over, and counts the attempt', async () => {
    const job = aJob();
    const untilMs = wallTime(Date.now() + 200);
    const task = aTask(job, { state: 'running', claim: 1, attempt: 1, lease: { worker: 'dead', untilMs } });
    const key = await store(stores, job, task);
    await publishWork(bus, task);
    start(() => Promise.resolve(DIGEST));
    expect(await until(stores.tasks, key, isState('done'))).toMatchObject({
      claim: 2,
      attempt: 2,
      reason: { kind: 'leaseLost' },
    });
    expect(Date.now()).toBeGreaterThanOrEqual(untilMs);
  });

  it('that ran out on the last attempt ends the task', async () => {
    const job = aJob();
    const lease = { worker: 'dead', untilMs: wallTime(Date.now() - 1) };
    const task = aTask(job, { state: 'running', claim: 3, attempt: 3, lease });
    const key = await store(stores, job, task);
    await publishWork(bus, task);
    start(() => Promise.resolve(DIGEST));
    expect(await until(stores.tasks, key, isState('failed'))).toMatchObject({
      reason: { code: 'AttemptsExhausted' },
    });
  });

  it('that somebody took fences the old worker out: it stops, and nothing of it counts', async () => {
    const job = aJob();
    const task = aTask(job);
    const key = await store(stores, job, task);
    await publishWork(bus, task);
    const paused = aLongRun();
    const runner = start(paused.run);
    await paused.hasBegun;
    const held = (await stores.tasks.get(key))!;
    const stolen = {
      ...held.value,
      claim: 2,
      lease: { worker: 'thief', untilMs: wallTime(Date.now() + 60_000) },
    };
    await stores.tasks.put(key, stolen);
    expect(await paused.hasEnded).toMatchObject({ code: 'LeaseLost' });
    await stores.tasks.put(key, { ...stolen, state: 'done' });
    await runner.stop();
    expect((await stores.tasks.get(key))?.value).toMatchObject({ claim: 2, state: 'done' });
    start(() => Promise.reject(new Error('must not run')));
    await until(stores.tasks, key, isState('done'));
  });

  it('that cannot be renewed because NATS is away ends the run', async () => {
    const job = aJob();
    const task = aTask(job);
    const key = await store(stores, job, task);
    await publishWork(bus, task);
    const long = aLongRun();
    start(async (own, ownJob, context) => (own.claim === 1 ? long.run(own, ownJob, context) : DIGEST));
    const done = until(stores.tasks, key, isState('done'));
    await long.hasBegun;
    await servers.nats.stop();
    expect(await long.hasEnded).toMatchObject({ code: 'LeaseLost' });
    await servers.nats.start();
    expect(await done).toMatchObject({ claim: 2, attempt: 2 });
  }, 30_000);
});

describe('a message that comes again', () => {
  it('of an earlier publication is void', async () => {
    const job = aJob();
    const task = aTask(job);
    const key = await store(stores, job, { ...task, epoch: 2 });
    await publishWork(bus, task);
    let runs = 0;
    const runner = start(() => {
      runs += 1;
      return Promise.resolve(DIGEST);
    });
    await publishWork(bus, { ...task, epoch: 2 });
    await until(stores.tasks, key, isState('done'));
    await runner.stop();
    expect(runs).toBe(1);
    expect(await waitingMessages()).toBe(0);
  });

  it('after the end only tells the scheduler again', async () => {
    const job = aJob();
    const task = aTask(job, { state: 'done', claim: 1, attempt: 1, outcome: DIGEST });
    await store(stores, job, task);
    await publishWork(bus, task);
    let runs = 0;
    start(() => {
      runs += 1;
      return Promise.resolve(DIGEST);
    });
    await hintFor(job.id);
    expect(runs).toBe(0);
  });
});

/** Resolves at the first hint about a job. */
async function hintFor(jobId: string): Promise<void> {
  while (!hints.some((hint) => hint.jobId === jobId)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('lets 20 workers with wrong clocks and short leases commit each of 40 tasks exactly once', async () => {
  const tasks = [...Array(40).keys()].map(() => {
    const job = aJob();
    return { job, task: aTask(job, { stage: 'encode' }) };
  });
  const keys = await Promise.all(tasks.map(({ job, task }) => store(stores, job, task)));
  await Promise.all(tasks.map(({ task }) => publishWork(bus, task)));
  const done = keys.map((key) => until(stores.tasks, key, isState('done')));
  for (const worker of Array(20).keys()) {
    start(
      async (own, _job, { signal }) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
        signal.throwIfAborted();
        return { stage: 'digest', sha256: `${worker}/${own.claim}` };
      },
      {
        worker: `crowd${worker}`,
        stages: ['encode'],
        slots: 2,
        settings: { ackWaitMs: ACK_WAIT_MS, leaseMs: 60, maxAttempts: 1_000, retryDelayMs: 5 },
        clock: { now: () => Date.now() + Math.floor(Math.random() * 200) },
      },
    );
  }
  const ended = await Promise.all(done);
  await Promise.all(runners.map((runner) => runner.stop()));
  const claims = ended.reduce((sum, { claim }) => sum + claim, 0);
  // Without stolen leases this test would show nothing.
  expect(claims).toBeGreaterThan(40);
  const commits = hints.filter(({ stage }) => stage === 'encode').map(({ jobId }) => jobId);
  expect(new Set(commits).size).toBe(40);
  expect(commits).toHaveLength(40);
  for (const { claim, outcome } of ended) {
    expect(outcome?.stage === 'digest' && outcome.sha256.endsWith(`/${claim}`)).toBe(true);
  }
});
