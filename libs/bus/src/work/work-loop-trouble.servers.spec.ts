import type { ExportError } from '@clipmesh/errors';
import { withNats } from '@clipmesh/testkit';
import { Bus, type Settlement } from '../index';
import { Signal } from '../testing/arrange';
import { collector, Loops } from '../testing/loops';

const servers = withNats();
let bus: Bus;
const loops = new Loops(() => bus);
const setup = loops.setup.bind(loops);

beforeAll(async () => {
  bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
});
afterEach(() => loops.stopAll());
afterAll(() => bus.close());

const ack: Settlement = { kind: 'ack' };

it('trouble of a restart of NATS under an open pull passes by itself', async () => {
  const { start, put, errors, queue } = await setup({ lanes: ['urgent', 'normal'] });
  const { note, done } = collector(1);
  start((message) => {
    note(message);
    return Promise.resolve(ack);
  });
  await loops.pullIsOpen(queue.consumers[1]!);
  await servers.nats.restart();
  await put('a');
  await done;
  expect(errors).toEqual([]);
});

it('trouble of a killed NATS while a handler runs costs neither the message nor the loop', async () => {
  const { start, put } = await setup({ ackWaitMs: 400 });
  const started = new Signal();
  const release = new Signal();
  const bothHandled = new Signal();
  // The acknowledgement of `a` may have died with the server: then it comes twice.
  const handled = new Set<string>();
  start(
    async ({ subject }) => {
      started.fire();
      await release.seen;
      handled.add(subject.split('.').at(-1) ?? '');
      if (handled.has('a') && handled.has('b')) {
        bothHandled.fire();
      }
      return ack;
    },
    { slots: 2 },
  );
  await put('a');
  await started.seen;
  await servers.nats.kill();
  release.fire();
  await servers.nats.restart();
  await put('b');
  await bothHandled.seen;
  expect(handled).toEqual(new Set(['a', 'b']));
});

it('trouble of a deleted consumer passes by making it again', async () => {
  const { start, put, queue } = await setup();
  const { note, done } = collector(1);
  start((message) => {
    note(message);
    return Promise.resolve(ack);
  });
  await loops.pullIsOpen(queue.consumers[0]!);
  await bus.link.jsm.consumers.delete(queue.stream.name, 'normal');
  await put('a');
  await done;
  expect(await bus.link.jsm.consumers.info(queue.stream.name, 'normal')).toBeDefined();
});

it('trouble of a missing stream is told once, and passes when the stream is there', async () => {
  const { start, queue, put } = await setup();
  const told = new Signal<ExportError>();
  const { config } = await bus.link.jsm.streams.info(queue.stream.name);
  await bus.link.jsm.streams.delete(queue.stream.name);
  const { note, done } = collector(1);
  start(
    (message) => {
      note(message);
      return Promise.resolve(ack);
    },
    {
      onError: (error) => {
        told.fire(error);
      },
    },
  );
  expect((await told.seen).code).toBe('BusMisconfigured');
  await bus.link.jsm.streams.add(config);
  await put('a');
  await done;
});
