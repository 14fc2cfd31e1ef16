import { wallTime } from '@clipmesh/media';
import { withNats } from '@clipmesh/testkit';
import { publishResult } from '@clipmesh/service-kit';
import { TestMesh } from './testing/mesh';

const servers = withNats();
let mesh: TestMesh;
let jobs = 0;
const aName = (): string => `clip-${(jobs += 1)}`;

beforeEach(async () => {
  mesh = await TestMesh.start(servers.nats.url);
});
afterEach(() => mesh.stop());

const PARAMETERS = [
  { name: 'sourceVideoName', value: 'gate' },
  { name: 'password', value: 'secret' },
];

describe('put', () => {
  it('answers the job at once, secrets left out and defaults filled in', async () => {
    const name = aName();
    const { created, job } = await mesh.put(name, { description: 'gate', parameters: PARAMETERS });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    expect(created).toBe(true);
    expect(job).toEqual({
      id: (await mesh.record(name)).id,
      name,
      type: 'Microsoft.Media/videoAnalyzers/pipelineJobs',
      systemData: { createdAt: time, lastModifiedAt: time },
      properties: {
        topologyName: 'copy',
        description: 'gate',
        parameters: [{ name: 'sourceVideoName', value: 'gate' }, { name: 'password' }],
        options: {
          edges: 'edit-list',
          gaps: 'collapse',
          onConfigChange: 'fail',
          digest: 'later',
          priority: 'normal',
          waitForMediaMs: 90_000,
        },
        state: 'Processing',
        progress: { phase: 'waiting', percent: 0, attempts: 0, warnings: [] },
      },
    });
  });

  it('is the same job again for the same body, defaults spelt out or not, parameters in any order', async () => {
    const name = aName();
    const first = await mesh.put(name, { parameters: PARAMETERS });
    const again = await mesh.put(name, {
      parameters: PARAMETERS.toReversed(),
      options: { edges: 'edit-list', gaps: null },
    });
    expect([again.created, again.job.id]).toEqual([false, first.job.id]);
  });

  it('is refused for another body under the same name', async () => {
    const name = aName();
    await mesh.put(name);
    await expect(mesh.put(name, { options: { gaps: 'fail' } })).rejects.toMatchObject({
      code: 'JobConflict',
    });
    await expect(mesh.put(name, { description: 'other' })).rejects.toMatchObject({ code: 'JobConflict' });
  });

  it('makes one job of many at the same moment', async () => {
    const name = aName();
    const replies = await Promise.all(Array.from({ length: 10 }, () => mesh.put(name)));
    expect(replies.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(replies.map(({ job }) => job.id)).size).toBe(1);
  });

  it('stores nothing when there is no such topology', async () => {
    const name = aName();
    mesh.neighbours.topologyIsThere = false;
    await expect(mesh.put(name)).rejects.toMatchObject({
      code: 'TopologyNotFound',
      target: 'topologyName',
    });
    expect(await mesh.scheduler.service.find(name)).toBeUndefined();
  });

  it('leaves nothing when the topology goes in the same moment', async () => {
    const name = aName();
    let resolutions = 0;
    mesh.neighbours.onResolve = () => {
      resolutions += 1;
      mesh.neighbours.topologyIsThere = resolutions === 1;
    };
    await expect(mesh.put(name)).rejects.toMatchObject({
      code: 'TopologyNotFound',
      target: 'topologyName',
    });
    expect(await mesh.scheduler.service.find(name)).toBeUndefined();
    expect((await mesh.list()).value.map((job) => job.name)).not.toContain(name);
  });

  it('puts work on the lane of its priority', async () => {
    const name = aName();
    await mesh.put(name, { options: { priority: 'urgent' } });
    expect(await mesh.task(name, 'plan')).toMatchObject({ lane: 'urgent' });
  });
});

describe('get', () => {
  it('merges the progress of the present phase in', async () => {
    const name = aName();
    await mesh.put(name);
    const { id } = await mesh.record(name);
    await mesh.stores.jobs.put(name, { ...(await mesh.record(name)), state: 'encoding' });
    await mesh.stores.progress.put(id, { format: 1, phase: 'encoding', percent: 42, attempt: 2 });
    expect((await mesh.get(name)).properties.progress).toMatchObject({
      phase: 'encoding',
      percent: 42,
      attempts: 2,
    });
  });

  it('is refused when there is no such job', async () => {
    await expect(mesh.get('nobody')).rejects.toMatchObject({ code: 'JobNotFound', target: 'name' });
  });
});

describe('list', () => {
  it('pages through the names in order, right after they were put', async () => {
    const topologyName = aName();
    const names = ['b', 'a', 'd', 'c'].map((letter) => `${topologyName}-${letter}`);
    await Promise.all(names.map((name) => mesh.put(name, { topologyName })));
    const first = await mesh.list({ topologyName, top: 3 });
    const second = await mesh.list({ topologyName, top: 3, after: first.after });
    expect([first, second].map(({ value }) => value.map((job) => job.name.slice(-1)).join(''))).toEqual([
      'abc',
      'd',
    ]);
    expect(second).not.toHaveProperty('after');
  });

  it('filters by public state', async () => {
    const topologyName = aName();
    const [canceled, live] = [aName(), aName()];
    await mesh.put(canceled, { topologyName });
    await mesh.put(live, { topologyName });
    await mesh.cancel(canceled);
    const names = async (state: string) =>
      (await mesh.list({ topologyName, state })).value.map(({ name }) => name);
    expect([await names('Canceled'), await names('Processing'), await names('Failed')]).toEqual([
      [canceled],
      [live],
      [],
    ]);
  });

  it('knows the jobs of other schedulers, and those from before it started', async () => {
    const topologyName = aName();
    const other = await TestMesh.start(servers.nats.url);
    await mesh.put(aName(), { topologyName });
    const late = await TestMesh.start(servers.nats.url);
    await late.put(aName(), { topologyName });
    while ((await other.list({ topologyName })).value.length < 2) {
      // The watch of another process takes a moment.
    }
    expect((await late.list({ topologyName })).value).toHaveLength(2);
    await Promise.all([other.stop(), late.stop()]);
  });
});

describe('patch', () => {
  it('changes the description, keeps it, clears it', async () => {
    const name = aName();
    await mesh.put(name, { description: 'first' });
    const described = async (request: object) => (await mesh.patch(name, request)).properties.description;
    expect([
      await described({ description: 'second' }),
      await described({}),
      await described({ description: null }),
    ]).toEqual(['second', 'second', undefined]);
  });

  it('leaves what the job is compared by as it was put', async () => {
    const name = aName();
    await mesh.put(name, { description: 'first' });
    await mesh.patch(name, { description: 'second' });
    expect((await mesh.put(name, { description: 'first' })).created).toBe(false);
  });
});

describe('delete', () => {
  it('is refused while the job is at work', async () => {
    const name = aName();
    await mesh.put(name);
    await expect(mesh.delete(name)).rejects.toMatchObject({ code: 'JobNotFinal' });
  });

  it('waits until what the job left is gone, and takes its tasks with it', async () => {
    const name = aName();
    mesh.takeResults();
    mesh.workEverything();
    await mesh.put(name);
    const { id } = await mesh.untilState(name, 'completed');
    expect(await mesh.delete(name)).toEqual({ deleted: true });
    expect(mesh.ran).toContain('clean 1');
    expect(await mesh.scheduler.service.find(name)).toBeUndefined();
    const left = [];
    for await (const task of mesh.stores.tasks.list(`${id}.>`)) {
      left.push(task);
    }
    expect(left).toEqual([]);
  });

  it('is refused while nobody can remove what the job left', async () => {
    const name = aName();
    await mesh.put(name);
    const job = await mesh.record(name);
    await mesh.stores.jobs.put(name, { ...job, state: 'failed', endedAtMs: wallTime(Date.now()) });
    const impatient = await TestMesh.start(servers.nats.url, { cleanWaitMs: 100 });
    await expect(impatient.delete(name)).rejects.toMatchObject({ code: 'JobNotFinal' });
    await impatient.stop();
  });

  it('frees the name: a new job under it is another', async () => {
    const name = aName();
    const { job } = await mesh.put(name);
    await mesh.cancel(name);
    await mesh.delete(name);
    const again = await mesh.put(name, { description: 'other' });
    expect(again.created).toBe(true);
    expect(again.job.id).not.toBe(job.id);
  });

  it('of a job that is not there does nothing', async () => {
    expect(await mesh.delete('nobody')).toEqual({ deleted: false });
  });
});

it('never mixes a deleted job with another of its name: late results of the first are void', async () => {
  const name = aName();
  await mesh.put(name);
  const plan = (await mesh.task(name, 'plan'))!;
  await mesh.cancel(name);
  await mesh.delete(name);
  await mesh.put(name);
  mesh.takeResults();
  await mesh.stores.tasks.put(`${plan.jobId}.plan.0`, { ...plan, state: 'failed', claim: 1 });
  await publishResult(mesh.bus, { ...plan, state: 'failed', claim: 1 });
  mesh.workEverything();
  await mesh.untilState(name, 'completed');
});
