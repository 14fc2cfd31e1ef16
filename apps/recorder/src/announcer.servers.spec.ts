import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Bus, ensureTopology } from '@clipmesh/bus';
import { BUCKETS, STREAMS, type SegmentEvent } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { ObjectStore } from '@clipmesh/object-store';
import { makeFootage, withServers } from '@clipmesh/testkit';
import { Announcer } from './announcer';
import { LateBus } from './late-bus';
import { recordFile } from './recording';
import { Spool } from './spool';

const closing: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const close of closing) {
    await close();
  }
});

const servers = withServers();
const START = wallTime(Date.UTC(2026, 9, 31, 5, 20));
const OPTIONS = { video: 'gate', start: START, segmentSeconds: 2, repeat: 1, realtime: false };

let store: ObjectStore;

beforeAll(async () => {
  store = ObjectStore.open(servers.minio);
  closing.push(() => {
    store.close();
  });
  await store.ensureBucket(BUCKETS.archive);
  const bus = await Bus.connect({ servers: servers.nats.url, name: 'test' });
  await ensureTopology(bus, { streams: [STREAMS.segments], kv: [], consumers: [], ackWaitMs: 1_000 });
  await bus.close();
});

/** A recorder of its own over the same spool, as after a restart. */
function startRecorder(spool: Spool, bus = openBus(), stop = new AbortController()) {
  const announced: SegmentEvent[] = [];
  const announcer = new Announcer(spool, store, bus, {
    concurrency: 3,
    firstPauseMs: 50,
    longestPauseMs: 200,
    onAnnounced: (event) => announced.push(event),
    onRetry: () => undefined,
    signal: stop.signal,
  });
  return { announcer, announced, stop };
}

function openBus(): LateBus {
  const bus = new LateBus({ servers: servers.nats.url, name: 'recorder' });
  closing.unshift(() => bus.close());
  return bus;
}

it('stops at once when it is told to, though NATS was never there', async () => {
  const input = await makeFootage({ path: join(servers.folder, 'b.mp4'), seconds: 4 });
  const spool = await Spool.open(join(servers.folder, 'never'), Date.now());
  const bus = new LateBus({ servers: 'nats://127.0.0.1:9', name: 'recorder' });
  const stop = new AbortController();
  const recorder = startRecorder(spool, bus, stop);
  await recordFile(input, { ...OPTIONS, spool: '' }, spool, recorder.announcer, stop.signal);
  stop.abort(new Error('told to stop'));
  await expect(recorder.announcer.finish()).rejects.toThrow('told to stop');
  expect(await spool.waiting()).toHaveLength(2);
  await bus.close();
});

it('records while the bus and the store are away, and announces all of it after a restart', async () => {
  await servers.nats.stop();
  await servers.minio.stop();
  const input = await makeFootage({ path: join(servers.folder, 'a.mp4'), seconds: 10 });
  const spool = await Spool.open(join(servers.folder, 'spool'), Date.now());
  const first = startRecorder(spool);
  const options = { ...OPTIONS, spool: '' };
  await recordFile(input, options, spool, first.announcer, first.stop.signal);
  expect(await spool.waiting()).toHaveLength(5);
  first.stop.abort(new Error('killed'));
  await expect(first.announcer.finish()).rejects.toThrow();

  const again = await Spool.open(spool.folder, Date.now());
  const second = startRecorder(again);
  const names = await again.waiting();
  const media = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(again.mediaPath(name))] as const)),
  );
  names.forEach((name) => {
    second.announcer.add(name);
  });
  await servers.minio.start();
  await servers.nats.start();
  await second.announcer.finish();

  expect(await again.waiting()).toEqual([]);
  const bus = await Bus.connect({ servers: servers.nats.url, name: 'test' });
  closing.unshift(() => bus.close());
  const { state } = await bus.link.jsm.streams.info(STREAMS.segments.name);
  expect(state.messages).toBe(5);
  for (const { object } of second.announced) {
    const prefix = object.key.split('/').at(-1)!.replace('.mp4', '-');
    const name = names.find((one) => one.startsWith(prefix))!;
    expect(media.get(name)!.equals(await store.readAll({ bucket: BUCKETS.archive, key: object.key }))).toBe(
      true,
    );
  }
}, 60_000);
