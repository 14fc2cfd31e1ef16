import { Bus, change, jsonCodec, type KvChange, type KvRecord } from '../index';
import { withNats } from '@clipmesh/testkit';
import { aBucket, fresh, Signal } from '../testing/arrange';

interface Thing {
  readonly format: 1;
  readonly n: number;
}

const codec = jsonCodec<Thing>(1);
const thing = (n: number): Thing => ({ format: 1, n });

const servers = withNats();
let bus: Bus;

beforeAll(async () => {
  bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
});
afterAll(() => bus.close());

async function setup() {
  const spec = await aBucket(bus);
  return { spec, store: bus.kv(spec, codec) };
}

async function all<T>(records: AsyncIterable<KvRecord<T>>): Promise<KvRecord<T>[]> {
  const found: KvRecord<T>[] = [];
  for await (const record of records) {
    found.push(record);
  }
  return found;
}

describe('one key', () => {
  it('is read at the revision that made it', async () => {
    const { store } = await setup();
    const revision = await store.create('a', thing(1));
    expect(await store.get('a')).toEqual({ key: 'a', value: thing(1), revision });
  });

  it('is absent when it was never written', async () => {
    const { store } = await setup();
    expect([await store.get('a'), await store.wasDeleted('a')]).toEqual([undefined, false]);
  });

  it('is created once only', async () => {
    const { store } = await setup();
    await store.create('a', thing(1));
    expect(await store.create('a', thing(2))).toBeUndefined();
    expect((await store.get('a'))?.value.n).toBe(1);
  });

  it('is created by exactly one of many', async () => {
    const { store } = await setup();
    const made = await Promise.all([...Array(20).keys()].map((n) => store.create('a', thing(n))));
    expect(made.filter((revision) => revision !== undefined)).toHaveLength(1);
  });

  it('refuses an update at a revision that it has left', async () => {
    const { store } = await setup();
    const first = (await store.create('a', thing(1)))!;
    await store.update('a', thing(2), first);
    await expect(store.update('a', thing(3), first)).rejects.toMatchObject({ code: 'RevisionStale' });
  });

  it('refuses a deletion at a revision that it has left', async () => {
    const { store } = await setup();
    const first = (await store.create('a', thing(1)))!;
    await store.put('a', thing(2));
    await expect(store.delete('a', first)).rejects.toMatchObject({ code: 'RevisionStale' });
  });

  it('remembers that it was deleted, and can be created again', async () => {
    const { store } = await setup();
    await store.create('a', thing(1));
    await store.delete('a');
    expect([await store.get('a'), await store.wasDeleted('a')]).toEqual([undefined, true]);
    expect(await store.create('a', thing(2))).toBeGreaterThan(0);
    expect(await store.wasDeleted('a')).toBe(false);
  });

  it('refuses a name that would reach other keys', async () => {
    const { store } = await setup();
    for (const key of ['', 'a.', '.a', 'a..b', 'a.*', '>', 'a b']) {
      await expect(store.get(key)).rejects.toMatchObject({ code: 'InternalError' });
    }
  });

  it('of a newer format is refused and left unharmed', async () => {
    const { spec, store } = await setup();
    await bus.kv(spec, jsonCodec<{ format: number }>(2)).put('a', { format: 2 });
    await expect(store.get('a')).rejects.toMatchObject({ code: 'FormatUnsupported' });
  });
});

describe('list', () => {
  it('of an empty bucket ends', async () => {
    const { store } = await setup();
    expect(await all(store.list())).toEqual([]);
  });

  it('holds every key once at its last value, without those that were deleted', async () => {
    const { store } = await setup();
    await store.put('a', thing(1));
    await store.put('b', thing(2));
    await store.put('a', thing(3));
    await store.put('c', thing(4));
    await store.delete('c');
    expect((await all(store.list())).map(({ key, value }) => [key, value.n])).toEqual([
      ['b', 2],
      ['a', 3],
    ]);
  });

  it('ends when only deletions are there', async () => {
    const { store } = await setup();
    await store.put('a', thing(1));
    await store.delete('a');
    expect(await all(store.list())).toEqual([]);
  });

  it('holds only what its filter matches', async () => {
    const { store } = await setup();
    for (const key of ['j1.plan.1', 'j1.write.1', 'j2.plan.1']) {
      await store.put(key, thing(1));
    }
    expect((await all(store.list('j1.>'))).map(({ key }) => key)).toEqual(['j1.plan.1', 'j1.write.1']);
    expect((await all(store.list('*.plan.*'))).map(({ key }) => key)).toEqual(['j1.plan.1', 'j2.plan.1']);
  });

  it('holds more than the server sends at once', async () => {
    const { store } = await setup();
    await Promise.all([...Array(600).keys()].map((n) => store.put(`k${String(n)}`, thing(n))));
    expect(new Set((await all(store.list())).map(({ key }) => key)).size).toBe(600);
  });

  it('leaves no reader behind, not even when it is left early', async () => {
    const { spec, store } = await setup();
    await Promise.all([...Array(10).keys()].map((n) => store.put(`k${String(n)}`, thing(n))));
    await all(store.list());
    for await (const record of store.list()) {
      expect(record.key).toBe('k0');
      break;
    }
    expect(await consumersOf(spec.name)).toBe(0);
  });

  it('leaves unreadable records out and tells of them, when asked to', async () => {
    const { spec, store } = await setup();
    await bus.kv(spec, jsonCodec<{ format: number }>(2)).put('newer', { format: 2 });
    await store.put('a', thing(1));
    const unreadable: string[] = [];
    const found = await all(store.list('>', { onUnreadable: (_, key) => unreadable.push(key) }));
    expect([found.map(({ key }) => key), unreadable]).toEqual([['a'], ['newer']]);
  });
});

describe('watch', () => {
  it('tells first what is there and then what changes', async () => {
    const { store } = await setup();
    await store.put('a', thing(1));
    const changes: (readonly [string, number | undefined])[] = [];
    const deleted = new Signal();
    const watch = await store.watch('>', {
      onChange: ({ key, value }) => {
        changes.push([key, value?.n]);
        if (value === undefined) {
          deleted.fire();
        }
      },
      onError: (error) => {
        throw error;
      },
    });
    expect(changes).toEqual([['a', 1]]);
    await store.put('b', thing(2));
    await store.delete('a');
    await deleted.seen;
    await watch.stop();
    expect(changes.slice(1)).toEqual([
      ['b', 2],
      ['a', undefined],
    ]);
  });

  it('tells everything again after a restart of the server', async () => {
    const { store } = await setup();
    await store.put('a', thing(1));
    let told = new Signal<KvChange<Thing>>();
    const watch = await store.watch('>', {
      onChange: (c) => {
        told.fire(c);
      },
      onError: () => undefined,
    });
    expect((await told.seen).value?.n).toBe(1);
    told = new Signal();
    await servers.nats.restart();
    expect((await told.seen).value?.n).toBe(1);
    await watch.stop();
  });
});

describe('change', () => {
  it('makes a record that is not there', async () => {
    const { store } = await setup();
    await change(store, 'a', () => thing(1));
    expect((await store.get('a'))?.value.n).toBe(1);
  });

  it('leaves the record as it is when nothing is decided', async () => {
    const { store } = await setup();
    const revision = await store.create('a', thing(1));
    const result = await change(store, 'a', () => undefined);
    expect([result.changed, result.record?.revision]).toEqual([false, revision]);
  });

  it('loses no change of many that are made at once', async () => {
    const { store } = await setup();
    const add = () => change(store, 'sum', (value) => thing((value?.n ?? 0) + 1));
    await Promise.all([...Array(12).keys()].map(add));
    expect((await store.get('sum'))?.value.n).toBe(12);
  });
});

it('values of a bucket with an age vanish', async () => {
  const store = bus.kv(await aBucket(bus, { ttlMs: 200 }), codec);
  await store.put('a', thing(1));
  const gone = async (): Promise<void> => {
    while ((await store.get('a')) !== undefined) {
      // Each read is a question to the server.
    }
  };
  await gone();
  expect(await store.wasDeleted('a')).toBe(false);
});

it('writes wait for a server that is away', async () => {
  const { store } = await setup();
  await servers.nats.stop();
  const written = store.create(fresh('k'), thing(1));
  await servers.nats.restart();
  expect(await written).toBe(1);
});

async function consumersOf(bucket: string): Promise<number> {
  return (await bus.link.jsm.streams.info(`KV_${bucket}`)).state.consumer_count;
}
