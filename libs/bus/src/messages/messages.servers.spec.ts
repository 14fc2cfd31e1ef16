import { withNats } from '@clipmesh/testkit';
import { Bus } from '../index';
import { aWorkQueue, fresh, Signal } from '../testing/arrange';

const servers = withNats();
let bus: Bus;

beforeAll(async () => {
  bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
});
afterAll(() => bus.close());

describe('publish', () => {
  it('says where the message is', async () => {
    const { subject } = await aWorkQueue(bus);
    expect(await bus.publish(subject('normal', 'a'), {}, { msgId: fresh('id') })).toEqual({
      duplicate: false,
      seq: 1,
    });
  });

  it('of the same id stores one message', async () => {
    const { subject, stream } = await aWorkQueue(bus);
    const msgId = fresh('id');
    await bus.publish(subject('normal', 'a'), {}, { msgId });
    expect(await bus.publish(subject('normal', 'a'), {}, { msgId })).toEqual({ duplicate: true, seq: 1 });
    expect((await bus.link.jsm.streams.info(stream.name)).state.messages).toBe(1);
  });

  it('under a subject that is taken says that the work is queued already', async () => {
    const { subject } = await aWorkQueue(bus);
    await bus.publish(subject('normal', 'a'), { n: 1 }, { msgId: fresh('id') });
    expect(await bus.publish(subject('normal', 'a'), { n: 2 }, { msgId: fresh('id') })).toEqual({
      duplicate: true,
      seq: undefined,
    });
  });

  it('to a full stream says so', async () => {
    const { subject, stream } = await aWorkQueue(bus);
    await bus.link.jsm.streams.update(stream.name, { max_msgs: 1 });
    await bus.publish(subject('normal', 'a'), {}, { msgId: fresh('id') });
    await expect(bus.publish(subject('normal', 'b'), {}, { msgId: fresh('id') })).rejects.toMatchObject({
      code: 'BusFull',
    });
  });

  it('that no stream takes ends when its patience does', async () => {
    const lost = bus.publish(fresh('nowhere'), {}, { msgId: fresh('id'), patienceMs: 0 });
    await expect(lost).rejects.toMatchObject({ code: 'BusUnreachable' });
  });

  it('waits for a server that is away, and stores one message', async () => {
    const { subject, stream } = await aWorkQueue(bus);
    await servers.nats.stop();
    const published = bus.publish(subject('normal', 'a'), {}, { msgId: fresh('id') });
    await servers.nats.restart();
    expect((await published).seq).toBe(1);
    expect((await bus.link.jsm.streams.info(stream.name)).state.messages).toBe(1);
  });
});

describe('nudges', () => {
  it('reach those who listen, by wildcard too', async () => {
    const root = fresh('control');
    const heard = new Signal<unknown>();
    const stop = bus.onNudge(`${root}.*`, (body, subject) => {
      heard.fire([subject, body]);
    });
    bus.nudge(`${root}.j1`, { cancel: true });
    expect(await heard.seen).toEqual([`${root}.j1`, { cancel: true }]);
    await stop();
  });

  it('that are not JSON are heard without a body', async () => {
    const root = fresh('control');
    const heard = new Signal<unknown>();
    bus.onNudge(root, (body) => {
      heard.fire([body]);
    });
    bus.link.nc.publish(root, 'cancel!');
    expect(await heard.seen).toEqual([undefined]);
  });
});
