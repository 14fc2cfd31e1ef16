import { join } from 'node:path';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { freePort, Program, service, startMinio, startNatsServer } from '@clipmesh/local';
import { withServers } from '@clipmesh/testkit';
import { Bus } from '@clipmesh/bus';
import { RELEASE } from './release';

const TESTING = join(__dirname, '../testing');
const servers = withServers();
const started: Program[] = [];
let bus: Bus;

jest.setTimeout(30_000);
beforeAll(async () => {
  bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
});
afterAll(async () => {
  await Promise.all(started.map((program) => program.kill()));
  await bus.close();
});

let logs = 0;

function tiny(env: NodeJS.ProcessEnv = {}): Program {
  logs += 1;
  const program = service({
    app: 'tiny',
    logFile: join(servers.folder, `tiny-${String(logs)}.log`),
    main: join(TESTING, 'tiny-service.ts'),
    env: {
      NODE_OPTIONS: `--require ${join(TESTING, 'compile-on-load.cjs')}`,
      CLIPMESH_NATS_URL: servers.nats.url,
      CLIPMESH_S3_ENDPOINT: servers.minio.endpoint,
      CLIPMESH_S3_ACCESS_KEY: servers.minio.accessKey,
      CLIPMESH_S3_SECRET_KEY: servers.minio.secretKey,
      CLIPMESH_S3_REGION: servers.minio.region,
      CLIPMESH_LOG_LEVEL: 'debug',
      ...env,
    },
  });
  started.push(program);
  return program;
}

const logOf = (program: Program): Record<string, unknown>[] =>
  readFileSync(program.logFile, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a service', () => {
  let program: Program;
  beforeAll(async () => {
    program = tiny({ CLIPMESH_TINY_NUMBER: '40', CLIPMESH_TINY_NUMBR: '1' });
    await program.start();
  });
  afterAll(() => program.kill());

  it('answers when it is ready, and every line of its log is JSON with its name', async () => {
    const greeting = await bus.request('tiny.greet', { name: 'you', inner: { count: 2 } });
    expect(greeting).toEqual({ hello: 'you', count: 42, by: 'tiny' });
    expect(logOf(program).every((line) => line['service'] === 'tiny')).toBe(true);
  });

  it('tells `nats micro` its version and what it is able to do', async () => {
    const found = [];
    for await (const info of await bus.link.nc.services.client().info('tiny')) {
      found.push({ version: info.version, metadata: info.metadata });
    }
    const instance = expect.stringMatching(/^tiny-[0-9a-f]{8}$/) as string;
    expect(found).toEqual([
      { version: RELEASE, metadata: { instance, slots: '40', encoders: 'first second' } },
    ]);
  });

  it('refuses a bad body with every problem and its path', async () => {
    await expect(
      bus.request('tiny.greet', { name: 'YOU', inner: { count: 'x' }, extra: 1 }),
    ).rejects.toMatchObject({
      code: 'RequestInvalid',
      problems: [{ target: 'extra' }, { target: 'name' }, { target: 'inner.count' }],
    });
  });

  it('tells what a handler threw, and of a defect only that there is one', async () => {
    await expect(bus.request('tiny.fail', { how: 'known' })).rejects.toMatchObject({
      code: 'VideoNotFound',
      target: 'name',
      message: 'no video gate-1',
    });
    const logged = program.nextLog(({ msg }) => msg === 'a request met a defect');
    await expect(bus.request('tiny.fail', {})).rejects.toMatchObject({
      code: 'InternalError',
      message: 'A defect of Clipmesh.',
    });
    expect(JSON.stringify(await logged)).toContain('a secret of the house');
  });

  it('tells of settings that it does not know', () => {
    const line = logOf(program).find(({ msg }) => msg === 'this service does not know these settings');
    expect(line?.['variables']).toContain('CLIPMESH_TINY_NUMBR');
  });
});

describe('the end', () => {
  it('on SIGTERM lets the request that it has taken finish, and is code 0', async () => {
    const program = tiny();
    await program.start();
    const began = new Promise<void>((resolve) => {
      bus.onNudge('tiny.slow-began', () => {
        resolve();
      });
    });
    const answer = bus.request('tiny.slow', {});
    await began;
    const stopping = program.nextLog(({ msg }) => msg === 'the loop has stopped');
    const stopped = program.stop();
    await stopping;
    bus.nudge('tiny.release', {});
    expect(await answer).toBe('done');
    expect(await stopped).toEqual({ code: 0, signal: null });
  });

  it('that takes longer than its grace comes all the same, with code 1', async () => {
    const program = tiny({ CLIPMESH_SHUTDOWN_GRACE_MS: '200' });
    await program.start();
    const began = new Promise<void>((resolve) => {
      bus.onNudge('tiny.slow-began', () => {
        resolve();
      });
    });
    const answer = bus.request('tiny.slow', {}, { timeoutMs: 2_000 }).catch(() => undefined);
    await began;
    expect((await program.stop()).code).toBe(1);
    await answer;
  });

  it('comes with an error that nobody expected, and is code 1', async () => {
    const program = tiny();
    await program.start();
    await bus.request('tiny.break', {});
    expect((await program.exited).code).toBe(1);
    expect(logOf(program).at(-1)).toMatchObject({ level: 'fatal', event: 'unhandledRejection' });
  });
});

describe('the start', () => {
  it('with wrong settings ends with all of them listed', async () => {
    const program = tiny({ CLIPMESH_ACK_WAIT_MS: 'long', CLIPMESH_S3_SECRET_KEY: '' });
    await expect(program.start()).rejects.toThrow();
    const last = JSON.stringify(logOf(program).at(-1));
    expect(last).toContain('CLIPMESH_ACK_WAIT_MS=long');
    expect(last).toContain('CLIPMESH_S3_SECRET_KEY is not set');
  });

  it('waits for NATS and the store when they come up later', async () => {
    const [natsPort, minioPort] = [await freePort(), await freePort()];
    const { accessKey, secretKey } = servers.minio;
    const program = tiny({
      CLIPMESH_NATS_URL: `nats://127.0.0.1:${natsPort}`,
      CLIPMESH_S3_ENDPOINT: `http://127.0.0.1:${minioPort}`,
    });
    const ready = program.start();
    await program.nextLog(({ msg }) => msg === 'waiting for NATS');
    const nats = await startNatsServer({ dataDir: join(servers.folder, 'late-nats'), port: natsPort });
    await program.nextLog(({ msg }) => msg === 'waiting for the object store');
    const minio = await startMinio({ dataDir: lateMinioDir({ accessKey, secretKey }), port: minioPort });
    await ready;
    await program.stop();
    await Promise.all([nats.stop(), minio.stop()]);
  });
});

/** A data folder for a store with the key that the service was given before the store was there. */
function lateMinioDir(credentials: { accessKey: string; secretKey: string }): string {
  const folder = join(servers.folder, 'late-minio');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'root-credentials.json'), JSON.stringify(credentials));
  return folder;
}
