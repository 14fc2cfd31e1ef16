import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, Program, programPath, startNatsServer } from '@clipmesh/local';
import { withNats } from '@clipmesh/testkit';
import { Bus, type BusStatus } from '../index';
import { Signal } from '../testing/arrange';

const servers = withNats();

it('the server is the one that the test has started, by its name', async () => {
  const bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
  expect(bus.serverName).toMatch(/^clipmesh-[0-9a-f-]{36}$/);
  await bus.close();
});

it('a service that is up before NATS waits for it and says so', async () => {
  const port = await freePort();
  const waiting = new Signal();
  const connected = Bus.connect({
    servers: `127.0.0.1:${port}`,
    name: 'early',
    onStatus: (status) => {
      if (status.kind === 'waiting') {
        waiting.fire();
      }
    },
  });
  await waiting.seen;
  const late = await startNatsServer({ dataDir: join(servers.folder, 'late'), port });
  const bus = await connected;
  expect(bus.isConnected).toBe(true);
  await bus.close();
  await late.stop();
});

it('a NATS that does not come is given up in bounded time', async () => {
  const port = await freePort();
  const never = Bus.connect({ servers: `127.0.0.1:${port}`, name: 'early', firstConnectMs: 200 });
  await expect(never).rejects.toMatchObject({ code: 'BusUnreachable' });
});

it('tls:// refuses a server without TLS, and sends it nothing in the clear', async () => {
  const secured = Bus.connect({
    servers: servers.nats.url.replace('nats://', 'tls://'),
    name: 'spec',
    firstConnectMs: 200,
  });
  await expect(secured).rejects.toThrow('offers no TLS');
});

it('the loss and the return of NATS are told', async () => {
  const seen: BusStatus['kind'][] = [];
  const back = new Signal();
  const bus = await Bus.connect({
    servers: servers.nats.url,
    name: 'spec',
    onStatus: ({ kind }) => {
      seen.push(kind);
      if (kind === 'reconnected') {
        back.fire();
      }
    },
  });
  await servers.nats.restart();
  await back.seen;
  expect(seen.filter((kind) => kind !== 'lameDuck')).toEqual(['disconnected', 'reconnected']);
  await bus.close();
});

it('closed resolves without an error when it was our wish', async () => {
  const bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
  await bus.close();
  expect(await bus.closed).toBeUndefined();
});

it('close ends while NATS is away', async () => {
  const bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
  await servers.nats.stop();
  await bus.close();
  expect(bus.isConnected).toBe(false);
  await servers.nats.restart();
});

it('wrong credentials end the start at once, and a denied publish is told by its subject', async () => {
  const { url, stop } = await startWithUsers();
  const wrong = Bus.connect({ servers: url, name: 'spec', user: 'recorder', password: 'wrong' });
  await expect(wrong).rejects.toMatchObject({ code: 'BusDenied' });
  const denied = new Signal<BusStatus>();
  const bus = await Bus.connect({
    servers: url,
    name: 'spec',
    user: 'recorder',
    password: 'right',
    onStatus: (status) => {
      denied.fire(status);
    },
  });
  bus.nudge('forbidden', {});
  expect(await denied.seen).toMatchObject({
    kind: 'error',
    error: { code: 'BusDenied', details: { operation: 'publish', subject: 'forbidden' } },
  });
  await bus.close();
  await stop();
});

it('closed resolves with an error when NATS does not take us back', async () => {
  const { url, changePassword, stop } = await startWithUsers();
  const bus = await Bus.connect({ servers: url, name: 'spec', user: 'recorder', password: 'right' });
  await changePassword();
  expect(await bus.closed).toBeInstanceOf(Error);
  await stop();
});

/** A server with a user that may publish segments and nothing else. */
async function startWithUsers() {
  const port = await freePort();
  const url = `nats://127.0.0.1:${port}`;
  const folder = join(servers.folder, 'users');
  const config = join(folder, 'nats.conf');
  mkdirSync(folder, { recursive: true });
  const permissions = '{ publish: ["clipmesh.v1.segments.>"], subscribe: ["_INBOX.>"] }';
  const write = (password: string): void => {
    const user = `{ user: recorder, password: ${password}, permissions: ${permissions} }`;
    writeFileSync(config, `host: "127.0.0.1", port: ${port}\nauthorization { users = [ ${user} ] }\n`);
  };
  write('right');
  let password = 'right';
  const program = new Program({
    name: 'nats-server',
    command: [programPath('nats-server'), '--config', config],
    env: process.env,
    logFile: join(folder, 'log'),
    isUp: async () => {
      const bus = await Bus.connect({ servers: url, name: 'up', user: 'recorder', password });
      await bus.close();
    },
  });
  await program.start();
  const changePassword = async (): Promise<void> => {
    password = 'another';
    write(password);
    await program.restart();
  };
  return { url, changePassword, stop: () => program.stop() };
}
