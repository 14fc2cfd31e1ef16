import { type TaskRecord } from '@clipmesh/contracts';
import { withNats } from '@clipmesh/testkit';
import { ExportError } from '@clipmesh/errors';
import { publishWork } from '@clipmesh/service-kit';
import { outcomeOf, TestMesh, writeOutcome } from './testing/mesh';

const servers = withNats();
let mesh: TestMesh;
let jobs = 0;
const aName = (): string => `clip-${(jobs += 1)}`;

beforeEach(async () => {
  mesh = await TestMesh.start(servers.nats.url);
  mesh.takeResults();
});
afterEach(() => mesh.stop());

describe('a whole life', () => {
  it('goes from plan to sink when there is no encoder, and ends with digest and cleaning', async () => {
    const name = aName();
    mesh.workEverything();
    const { created, job } = await mesh.put(name);
    expect([created, job.properties.state]).toEqual([true, 'Processing']);
    const done = await mesh.until(
      name,
      (record) => record.cleaned === true && record.written?.sha256 !== undefined,
    );
    expect(done.state).toBe('completed');
    expect(mesh.ran.toSorted()).toEqual(['clean 1', 'digest 1', 'plan 1', 'write 1']);
    expect(mesh.neighbours.published).toHaveLength(1);
    expect(mesh.neighbours.published[0]).toMatchObject({ jobId: done.id, name: 'clip', title: 'Gate' });
    expect(mesh.neighbours.released).toEqual([{ jobId: done.id, sourceVideo: 'gate', outputVideo: 'clip' }]);
    expect(mesh.neighbours.digested).toMatchObject([{ jobId: done.id, sha256: 'ab'.repeat(32) }]);
    expect(await mesh.events(name)).toEqual(['completed', 'created', 'planning', 'publishing', 'writing']);
    expect(await mesh.event(name, 'completed')).toMatchObject({
      name,
      id: done.id,
      state: 'Completed',
      video: 'clip',
      link: 'http://store/clip',
    });
  });

  it('goes through the encoder when there is one', async () => {
    const name = aName();
    mesh.neighbours.withEncoder = true;
    mesh.workEverything();
    await mesh.put(name);
    // To its very end: its digest must not be left to the next test.
    const done = await mesh.until(
      name,
      (record) => record.cleaned === true && record.written?.sha256 !== undefined,
    );
    expect(mesh.ran.slice(0, 5)).toEqual(['plan 1', 'encode 1', 'encode 1', 'encode 1', 'write 1']);
    expect(done.encoded).toEqual({ gaps: [] });
    expect(await mesh.tasks(done.id, 'encode')).toEqual([]);
    expect(await mesh.events(name)).toContain('encoding');
  });

  it('hashes no file twice that was hashed before its end', async () => {
    const name = aName();
    mesh.work(['plan', 'clean']);
    mesh.work(['write', 'digest'], (task) =>
      Promise.resolve({ ...writeOutcome(task), sha256: 'cd'.repeat(32) }),
    );
    await mesh.put(name, { options: { digest: 'required' } });
    await mesh.untilCleaned(name);
    expect(mesh.ran.filter((run) => run.startsWith('digest'))).toEqual([]);
    expect((await mesh.get(name)).properties.output).toMatchObject({ sha256: 'cd'.repeat(32) });
  });

  it('publishes and digests every file of a job that makes several', async () => {
    const name = aName();
    mesh.work(['plan', 'clean']);
    mesh.work(['write'], (task) => {
      const { stage, ...file } = writeOutcome(task);
      return Promise.resolve({ stage: 'write', ...file, further: [file] });
    });
    mesh.work(['digest'], () =>
      Promise.resolve({ stage: 'digest', sha256: 'aa', further: [{ sha256: 'bb' }] }),
    );
    await mesh.put(name);
    const done = await mesh.until(
      name,
      (record) => record.cleaned === true && record.written?.sha256 === 'aa',
    );
    expect(done.written?.further).toMatchObject([{ sha256: 'bb' }]);
    expect(mesh.neighbours.published.map((request) => request.name)).toEqual(['clip', 'clip-2']);
    expect(mesh.neighbours.digested.map((request) => [request.name, request.sha256])).toEqual([
      ['clip', 'aa'],
      ['clip-2', 'bb'],
    ]);
    expect(await mesh.event(name, 'completed')).toMatchObject({
      video: 'clip',
      further: [{ video: 'clip-2', link: 'http://store/clip-2' }],
    });
  });

  it('fails with the error of its worker, and cleans up', async () => {
    const name = aName();
    mesh.work(['plan'], () =>
      Promise.reject(new ExportError('SetupValidationFailure', { message: 'there is no video gate' })),
    );
    mesh.work(['clean']);
    await mesh.put(name);
    await mesh.untilCleaned(name);
    const { properties } = await mesh.get(name);
    expect(properties).toMatchObject({
      state: 'Failed',
      error: { code: 'SetupValidationFailure', message: 'there is no video gate' },
    });
    expect(mesh.neighbours.released).toHaveLength(1);
    expect(await mesh.event(name, 'failed')).toMatchObject({
      state: 'Failed',
      error: { code: 'SetupValidationFailure' },
    });
  });

  it('is planning while its plan waits for media', async () => {
    const name = aName();
    mesh.work(['plan'], () => Promise.resolve({ postpone: { delayMs: 20, reason: 'not there yet' } }));
    await mesh.put(name);
    await mesh.untilState(name, 'planning');
    expect((await mesh.get(name)).properties.progress.phase).toBe('planning');
  });

  it('expires thirty days after its end', async () => {
    const name = aName();
    mesh.workEverything();
    await mesh.put(name);
    const { endedAtMs, expirationMs } = await mesh.untilState(name, 'completed');
    expect(expirationMs! - endedAtMs!).toBe(30 * 24 * 3_600_000);
  });
});

describe('what comes twice', () => {
  it('is taken in once: a result, at any time', async () => {
    const name = aName();
    mesh.workEverything();
    await mesh.put(name);
    const done = await mesh.until(name, (job) => job.cleaned === true && job.written?.sha256 !== undefined);
    for (const stage of ['plan', 'write', 'digest', 'clean'] as const) {
      const task = (await mesh.task(name, stage))!;
      await mesh.scheduler.driver.collect(await mesh.scheduler.service.load(name), task);
    }
    expect(await mesh.record(name)).toEqual(done);
    expect(mesh.neighbours.published).toHaveLength(1);
  });

  it('makes one file: many schedulers at the same result', async () => {
    const name = aName();
    await mesh.put(name);
    const others = await Promise.all([0, 1, 2].map(() => TestMesh.start(servers.nats.url)));
    mesh.workEverything();
    await mesh.untilState(name, 'writing');
    const write = await waitForTask(name);
    const all = [mesh, ...others];
    await Promise.all(
      all.map(async ({ scheduler }) => scheduler.driver.collect(await scheduler.service.load(name), write)),
    );
    await mesh.until(name, (job) => job.cleaned === true && job.written?.sha256 !== undefined);
    expect(mesh.ran.filter((run) => run.startsWith('write'))).toEqual(['write 1']);
    expect((await mesh.events(name)).filter((type) => type === 'completed')).toHaveLength(1);
    await Promise.all(others.map((other) => other.stop()));
  });

  async function waitForTask(name: string): Promise<TaskRecord> {
    for (;;) {
      const task = await mesh.task(name, 'write');
      if (task?.state === 'done') {
        return task;
      }
    }
  }
});

describe('a worker', () => {
  it('that dies has its task done by another when the lease has run out', async () => {
    const name = aName();
    mesh.work(['plan', 'digest', 'clean']);
    await mesh.put(name);
    await mesh.untilState(name, 'writing');
    const id = (await mesh.record(name)).id;
    // What a killed worker leaves: a claim whose lease nobody renews, and a message that nobody acknowledges.
    const record = (await mesh.stores.tasks.get(`${id}.write.0`))!;
    await mesh.stores.tasks.update(
      record.key,
      {
        ...record.value,
        state: 'running',
        claim: 1,
        attempt: 1,
        lease: { worker: 'dead', untilMs: (Date.now() + 200) as never },
      },
      record.revision,
    );
    mesh.work(['write']);
    const done = await mesh.untilState(name, 'completed');
    expect(done.written?.file.key).toBe(`${id}/write/2`);
    expect(await mesh.task(name, 'write')).toMatchObject({
      claim: 2,
      attempt: 2,
      reason: { kind: 'leaseLost' },
    });
  });

  it('that is stopped gives its attempt back', async () => {
    const name = aName();
    mesh.work(['plan', 'digest', 'clean']);
    let begun: () => void;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const leaving = mesh.work(['write'], async (_task, _job, { signal }) => {
      begun();
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      throw new Error('stopped');
    });
    await mesh.put(name);
    await hasBegun;
    await leaving.stop();
    mesh.work(['write']);
    await mesh.untilState(name, 'completed');
    expect(await mesh.task(name, 'write')).toMatchObject({ claim: 2, attempt: 1 });
  });

  it('that comes back with a file of a lost claim changes nothing', async () => {
    const name = aName();
    mesh.work(['plan', 'digest', 'clean']);
    await mesh.put(name);
    await mesh.untilState(name, 'writing');
    let release: () => void;
    const paused = new Promise<void>((resolve) => (release = resolve));
    let begun: () => void;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const late: unknown[] = [];
    mesh.work(['write'], async (task, _job, { signal }) => {
      if (task.claim === 2) {
        return outcomeOf(task);
      }
      begun();
      await paused;
      late.push(signal.aborted);
      return outcomeOf(task);
    });
    await hasBegun;
    const key = `${(await mesh.record(name)).id}.write.0`;
    const held = (await mesh.stores.tasks.get(key))!;
    // As the reconciler does when the lease has run out and the message is lost.
    await mesh.stores.tasks.put(key, { ...held.value, state: 'queued', epoch: 2 });
    await publishWork(mesh.bus, { ...held.value, epoch: 2 });
    const done = await mesh.untilState(name, 'completed');
    release!();
    await mesh.untilCleaned(name);
    await mesh.stopWorkers();
    expect(done.written?.file.key).toMatch(/write\/2$/);
    expect((await mesh.stores.tasks.get(key))?.value).toMatchObject({ state: 'done', claim: 2 });
    expect(late).toHaveLength(1);
    expect(mesh.neighbours.published).toHaveLength(1);
  });
});
