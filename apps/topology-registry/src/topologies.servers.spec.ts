import { Bus, jsonCodec, type RunningService } from '@clipmesh/bus';
import {
  KV,
  REQUESTS,
  STREAMS,
  type PutTopologyReply,
  type ResolveTopologyReply,
  type TopologyPage,
  type TopologyRecord,
  type TopologyView,
} from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { SAMPLES } from '@clipmesh/pipeline';
import { withServers } from '@clipmesh/testkit';
import { startRegistry, type Registry } from './testing/start-registry';

const SAMPLE = SAMPLES[0]!.topology;
const IDENTITY = { name: 'job-scheduler', version: '0.0.0', description: 'stands in for the real one' };

const servers = withServers();
let bus: Bus;
let registry: Registry;
let names = 0;

beforeAll(async () => {
  bus = await Bus.connect({ servers: servers.nats.url, name: 'test' });
  registry = await startRegistry(settings());
});

afterAll(async () => {
  await registry.stop();
  await bus.close();
});

const settings = () => ({
  natsUrl: servers.nats.url,
  s3Endpoint: servers.minio.endpoint,
  s3AccessKey: servers.minio.accessKey,
  s3SecretKey: servers.minio.secretKey,
});

const freshName = (): string => `topology-${String((names += 1))}`;

const body = (name: string, change: Record<string, unknown> = {}): Record<string, unknown> => ({
  name,
  ...SAMPLE,
  properties: { ...SAMPLE.properties, ...change },
});

const put = (request: unknown): Promise<PutTopologyReply> => bus.request(REQUESTS.topologiesPut, request);
const get = (name: string): Promise<TopologyView> => bus.request(REQUESTS.topologiesGet, { name });
const remove = (name: string): Promise<unknown> => bus.request(REQUESTS.topologiesDelete, { name });
const patch = (request: unknown): Promise<TopologyView> => bus.request(REQUESTS.topologiesPatch, request);
const records = () => bus.kv<TopologyRecord>(KV.topologies, jsonCodec<TopologyRecord>(1));

async function aTopology(change: Record<string, unknown> = {}): Promise<string> {
  const name = freshName();
  await put(body(name, change));
  return name;
}

/** Stands in for job-scheduler while `act` runs. */
async function withJobs<T>(
  jobs: readonly { topologyName: string; state: string }[],
  act: () => Promise<T>,
): Promise<T> {
  const scheduler: RunningService = await bus.serve(IDENTITY, [
    {
      subject: REQUESTS.jobsList,
      handler: (asked) => {
        const { topologyName, state } = asked as { topologyName: string; state?: string };
        const found = jobs.filter(
          (job) => job.topologyName === topologyName && (state === undefined || job.state === state),
        );
        return Promise.resolve({ value: found.map((job) => ({ ...job, name: 'job-1' })) });
      },
    },
  ]);
  try {
    return await act();
  } finally {
    await scheduler.stop();
  }
}

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('topologies.put', () => {
  it('creates, then replaces, then changes nothing', async () => {
    const name = freshName();
    const first = await put(body(name));
    const second = await put(body(name, { description: 'other' }));
    const third = await put(body(name, { description: 'other' }));
    expect([first.created, second.created, third.created]).toEqual([true, false, false]);
    expect(second.topology.id).toBe(first.topology.id);
    expect(third.topology).toEqual(second.topology);
    expect(second.topology.properties.description).toBe('other');
  });

  it('takes back what it has answered', async () => {
    const { topology } = await put(body(freshName()));
    expect(await put(topology)).toEqual({ created: false, topology });
  });

  it('gives a name that was deleted another id', async () => {
    const name = freshName();
    const first = await put(body(name));
    await withJobs([], () => remove(name));
    const second = await put(body(name));
    expect(second.created).toBe(true);
    expect(second.topology.id).not.toBe(first.topology.id);
  });

  it('stores nothing of a graph with problems, and lists them all', async () => {
    const name = freshName();
    const broken = body(name, { sinks: [], sources: [] });
    await expect(put(broken)).rejects.toMatchObject({
      code: 'TopologyInvalid',
      problems: expect.arrayContaining([
        expect.objectContaining({ target: 'properties.sources' }),
        expect.objectContaining({ target: 'properties.sinks' }),
      ]) as unknown,
    });
    await expect(get(name)).rejects.toEqual(code('TopologyNotFound'));
  });

  it('refuses an unknown member by its name', async () => {
    await expect(put({ ...body(freshName()), tags: {} })).rejects.toMatchObject({
      message: expect.stringContaining('tags') as string,
    });
  });

  it.each(['', 'a b', 'a.b', '>', '-a', 'x'.repeat(65)])('refuses the name "%s"', async (name) => {
    await expect(put(body(name))).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('makes one of what many put at once', async () => {
    const name = freshName();
    const replies = await Promise.all(Array.from({ length: 8 }, () => put(body(name))));
    expect(replies.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(replies.map(({ topology }) => topology.id)).size).toBe(1);
  });

  it('tells of the change in the stream of events', async () => {
    const { topology } = await put(body(freshName()));
    expect(await lastEvent(`clipmesh.v1.events.topology.${topology.id}.put`)).toMatchObject({
      format: 1,
      id: topology.id,
      name: topology.name,
    });
  });
});

describe('topologies.get', () => {
  it('sorts parameters by name and keeps secrets', async () => {
    const secret = { name: 'a', type: 'SecretString', default: 'hush' };
    const parameters = [...SAMPLE.properties.parameters, secret];
    const sinks = [{ ...SAMPLE.properties.sinks[0], videoCreationProperties: { title: '${a}' } }];
    const name = await aTopology({ parameters, sinks });
    const view = await get(name);
    expect(view.properties.parameters.map((parameter) => parameter.name)).toEqual([
      'a',
      'exportedVideoName',
      'preset',
      'sourceVideoName',
      'videoSourceTimeSequenceParameter',
    ]);
    expect(JSON.stringify(view)).not.toContain('hush');
  });

  it('knows no topology that nobody put', async () => {
    await expect(get('nobody')).rejects.toEqual(code('TopologyNotFound'));
  });
});

describe('topologies.list', () => {
  it('gives names in order, page by page, each once', async () => {
    const made = await Promise.all([aTopology(), aTopology(), aTopology()]);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page: TopologyPage = await bus.request(REQUESTS.topologiesList, {
        top: 2,
        ...(after && { after }),
      });
      seen.push(...page.value.map(({ name }) => name));
      after = page.after;
    } while (after !== undefined);
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toEqual(expect.arrayContaining(made));
  });

  it.each([0, 201, 'all'])('refuses to give %s at once', async (top) => {
    await expect(bus.request(REQUESTS.topologiesList, { top })).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('topologies.patch', () => {
  const processing = (topologyName: string) => [{ topologyName, state: 'Processing' }];

  it('changes the description while jobs are processing, and nothing else', async () => {
    const name = await aTopology();
    const view = await withJobs(processing(name), () => patch({ name, properties: { description: 'new' } }));
    expect(view.properties).toEqual({ ...(await get(name)).properties, description: 'new' });
    expect(view.properties.sinks).toEqual(SAMPLE.properties.sinks);
  });

  it('clears a description that is null', async () => {
    const name = await aTopology();
    const view = await patch({ name, properties: { description: null } });
    expect(view.properties).not.toHaveProperty('description');
  });

  it('leaves the graph alone while a job is processing', async () => {
    const name = await aTopology();
    await expect(
      withJobs(processing(name), () => patch({ name, properties: ORIGINAL })),
    ).rejects.toMatchObject({
      code: 'TopologyInUse',
      message: expect.stringContaining('job-1') as string,
    });
  });

  it('changes the graph when its jobs have ended', async () => {
    const name = await aTopology();
    const view = await withJobs([{ topologyName: name, state: 'Completed' }], () =>
      patch({ name, properties: ORIGINAL }),
    );
    expect(view.properties.processors).toEqual([]);
  });

  it('leaves the graph alone when nobody can tell of jobs', async () => {
    const name = await aTopology();
    await expect(patch({ name, properties: ORIGINAL })).rejects.toEqual(code('NoResponder'));
  });

  it('judges the whole that comes out', async () => {
    const name = await aTopology();
    await expect(patch({ name, properties: { processors: [] } })).rejects.toMatchObject({
      code: 'TopologyInvalid',
      target: 'properties.sinks[0].inputs[0].nodeName',
    });
  });

  it('does not turn a topology into a live one', async () => {
    const name = await aTopology();
    await expect(patch({ name, kind: 'Live' })).rejects.toEqual(code('TopologyInvalid'));
  });
});

const ORIGINAL = SAMPLES[1]!.topology.properties;

describe('topologies.delete', () => {
  it('removes a topology without jobs', async () => {
    const name = await aTopology();
    expect(await withJobs([], () => remove(name))).toEqual({ deleted: true });
    await expect(get(name)).rejects.toEqual(code('TopologyNotFound'));
  });

  it('says so when there is none', async () => {
    expect(await remove('nobody')).toEqual({ deleted: false });
  });

  it('is refused while jobs exist, ended ones too, and leaves the topology of use', async () => {
    const name = await aTopology();
    await expect(withJobs([{ topologyName: name, state: 'Completed' }], () => remove(name))).rejects.toEqual(
      code('TopologyInUse'),
    );
    expect(await resolve(name)).toHaveProperty('pipeline');
  });

  it('is refused when nobody can tell of jobs, and leaves the topology of use', async () => {
    const name = await aTopology();
    await expect(remove(name)).rejects.toEqual(code('NoResponder'));
    expect(await resolve(name)).toHaveProperty('pipeline');
  });

  it('lets no job begin while it looks', async () => {
    const name = await aTopology();
    let resolution: Promise<unknown> | undefined;
    const scheduler = await bus.serve(IDENTITY, [
      {
        subject: REQUESTS.jobsList,
        handler: async () => {
          resolution = resolve(name).catch((error: unknown) => error);
          await resolution;
          return { value: [] };
        },
      },
    ]);
    await remove(name);
    await scheduler.stop();
    expect(await resolution).toEqual(code('RevisionStale'));
  });

  it('that died half way hinders nobody for long', async () => {
    const name = await aTopology();
    const store = records();
    const stored = (await store.get(name))!;
    await store.update(
      name,
      { ...stored.value, deletingSinceMs: wallTime(Date.now() - 60_000) },
      stored.revision,
    );
    expect(await resolve(name)).toHaveProperty('pipeline');
    expect((await store.get(name))!.value).not.toHaveProperty('deletingSinceMs');
  });

  it('tells of itself in the stream of events', async () => {
    const { topology } = await put(body(freshName()));
    await withJobs([], () => remove(topology.name));
    expect(await lastEvent(`clipmesh.v1.events.topology.${topology.id}.deleted`)).toMatchObject({
      name: topology.name,
    });
  });
});

const RANGE = '[["2021-10-12T18:37:00Z","2021-10-12T18:39:00Z"]]';
const GIVEN = [
  { name: 'sourceVideoName', value: 'gate-1' },
  { name: 'videoSourceTimeSequenceParameter', value: RANGE },
  { name: 'exportedVideoName', value: 'clip-1' },
];
const resolve = (name: string, parameters: unknown = GIVEN): Promise<ResolveTopologyReply> =>
  bus.request(REQUESTS.topologiesResolve, { name, jobName: 'job-1', parameters });

describe('topologies.resolve', () => {
  it('fills the sample in, and says at which revision and which values are secret', async () => {
    const reply = await resolve('video-export');
    expect(reply).toMatchObject({
      pipeline: {
        topologyName: 'video-export',
        source: { videoName: 'gate-1', ranges: [{ startMs: Date.UTC(2021, 9, 12, 18, 37) }] },
        encoder: { video: { scale: { height: 1080 } } },
        sink: { videoName: 'clip-1' },
      },
      secrets: [],
    });
    expect(reply.revision).toBe((await records().get('video-export'))!.revision);
  });

  it('says all that is wrong with the parameters', async () => {
    await expect(resolve('video-export', [{ name: 'x', value: '' }])).rejects.toMatchObject({
      code: 'ParameterInvalid',
      problems: expect.arrayContaining([
        expect.objectContaining({ target: 'properties.parameters[0].name' }),
        expect.objectContaining({ message: expect.stringContaining('sourceVideoName') as string }),
      ]) as unknown,
    });
  });

  it('refuses a range further ahead than the setting allows', async () => {
    const [source, , sink] = GIVEN;
    const value = '[["2121-10-12T18:37:00Z","2121-10-12T18:39:00Z"]]';
    const range = { name: 'videoSourceTimeSequenceParameter', value };
    await expect(resolve('video-export', [source, range, sink])).rejects.toMatchObject({
      code: 'RangeInvalid',
      target: 'properties.parameters[1].value',
    });
  });

  it('knows no topology that nobody put', async () => {
    await expect(resolve('nobody')).rejects.toEqual(code('TopologyNotFound'));
  });
});

describe('the samples', () => {
  it.each(SAMPLES.map(({ name }) => [name]))('%s is there from the start', async (name) => {
    expect(await get(name)).toMatchObject({ name, kind: 'Batch' });
  });

  it('that somebody has deleted or changed stay so over a restart', async () => {
    await withJobs([], () => remove('original-export'));
    await patch({ name: 'video-export', properties: { description: 'mine' } });
    await registry.stop();
    registry = await startRegistry(settings());
    await expect(get('original-export')).rejects.toEqual(code('TopologyNotFound'));
    expect((await get('video-export')).properties.description).toBe('mine');
  });
});

/** The newest message under a subject of EVENTS, asked for as any client can. */
async function lastEvent(subject: string): Promise<unknown> {
  const asked = { last_by_subj: subject };
  const reply = await bus.request<{ message?: { data: string } }>(
    `$JS.API.STREAM.MSG.GET.${STREAMS.events.name}`,
    asked,
  );
  return JSON.parse(Buffer.from(reply.message?.data ?? '', 'base64').toString());
}
