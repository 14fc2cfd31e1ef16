import { KV, RESULT_CONSUMER, SEGMENT_CONSUMER, STREAMS, WORK_CONSUMERS } from '@clipmesh/contracts';
import { withNats } from '@clipmesh/testkit';
import { RetentionPolicy } from 'nats';
import { Bus, ensureTopology, jsonCodec, type TopologySpec } from '../index';
import { aWorkQueue, fresh } from '../testing/arrange';

const servers = withNats();
let bus: Bus;

beforeAll(async () => {
  bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
});
afterAll(() => bus.close());

const WHOLE: TopologySpec = {
  streams: Object.values(STREAMS),
  kv: Object.values(KV),
  consumers: [...WORK_CONSUMERS, SEGMENT_CONSUMER, RESULT_CONSUMER],
  ackWaitMs: 30_000,
};

it('several services make the whole topology of the mesh at the same instant', async () => {
  const buses = await Promise.all(
    [...Array(4).keys()].map(() => Bus.connect({ servers: servers.nats.url, name: 'many' })),
  );
  const found = await Promise.all(buses.map((each) => ensureTopology(each, WHOLE)));
  await Promise.all(buses.map((each) => each.close()));
  expect(found).toEqual([[], [], [], []]);
});

it('a topology that is there is left as it is', async () => {
  await ensureTopology(bus, WHOLE);
  const store = bus.kv(KV.jobs, jsonCodec<{ format: number }>(1));
  await store.put('a', { format: 1 });
  await ensureTopology(bus, WHOLE);
  expect((await store.get('a'))?.value).toEqual({ format: 1 });
});

it('a changed ack_wait is brought to the consumers', async () => {
  const { consumers, stream } = await aWorkQueue(bus, ['normal'], 5_000);
  await ensureTopology(bus, { streams: [stream], kv: [], consumers, ackWaitMs: 700 });
  const { config } = await bus.link.jsm.consumers.info(stream.name, 'normal');
  expect(config.ack_wait).toBe(700_000_000);
});

it('a stream of another kind under our name stops the start, by name and setting', async () => {
  const name = fresh('other').toUpperCase();
  await bus.link.jsm.streams.add({ name, subjects: [`${name}.>`], retention: RetentionPolicy.Limits });
  const stream = { ...STREAMS.work, name, subjects: [`${name}.>`] };
  await expect(
    ensureTopology(bus, { streams: [stream], kv: [], consumers: [], ackWaitMs: 1 }),
  ).rejects.toMatchObject({
    code: 'BusMisconfigured',
    message: expect.stringContaining(`stream ${name} has retention "limits", wanted "workqueue"`) as string,
  });
});

it('what operators have tuned is told and kept', async () => {
  const { stream } = await aWorkQueue(bus);
  await bus.link.jsm.streams.update(stream.name, { max_age: 3_600_000_000_000 });
  const found = await ensureTopology(bus, { streams: [stream], kv: [], consumers: [], ackWaitMs: 1 });
  expect(found).toMatchObject([{ setting: 'max_age', wanted: 0, found: 3_600_000_000_000 }]);
});
