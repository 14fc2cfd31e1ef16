import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { REPOSITORY } from './repository';
import { MESH_SERVICES } from './service';

// `npm start` as it runs for people, compiled and in a process of its own, on real servers; only the services are made up:
// they log `ready`, and when they are asked to end they note whether NATS is still there.
const SERVICE = `
const { appendFileSync } = require('node:fs');
const { connect } = require('node:net');
process.on('SIGTERM', () => {
  const note = (text) => { appendFileSync(process.env.NOTES, text + '\\n'); process.exit(0); };
  connect(new URL(process.env.CLIPMESH_NATS_URL).port, '127.0.0.1')
    .on('data', () => note('ended while NATS ran'))
    .on('error', () => note('ended too late'));
});
appendFileSync(process.env.NOTES, 'begun ' + process.pid + '\\n');
if (process.env.NEVER_READY !== '1') {
  console.log('{"msg":"ready"}');
}
setInterval(() => {}, 1000);`;

let clone: string;
let running: ChildProcess[] = [];

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'clipmesh-start-'));
  mkdirSync(join(clone, 'deploy/local'), { recursive: true });
  for (const file of ['package-lock.json', 'deploy/local/pinned-programs.json']) {
    copyFileSync(join(REPOSITORY, file), join(clone, file));
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(clone, 'node_modules'));
  const swc = join(REPOSITORY, 'node_modules/@swc/cli/bin/swc.js');
  const options = [
    '-d',
    join(clone, 'dist'),
    '--config-file',
    '.swcrc',
    '--ignore',
    '**/*.spec.ts',
    '--quiet',
  ];
  execFileSync(process.execPath, [swc, 'libs', 'deploy/local/mesh', ...options], { cwd: REPOSITORY });
  for (const app of MESH_SERVICES) {
    mkdirSync(join(clone, 'dist/apps', app, 'src'), { recursive: true });
    writeFileSync(join(clone, 'dist/apps', app, 'src/main.js'), SERVICE);
  }
}, 30_000);

afterEach(async () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
  running = [];
  await nothingRuns();
});

afterAll(() => {
  rmSync(clone, { recursive: true, force: true });
});

/** Starts the mesh, and gives back ways to wait for what it says and to learn how it ends. */
async function startMesh(env: NodeJS.ProcessEnv = {}) {
  const notes = join(clone, 'notes');
  writeFileSync(notes, '');
  const ports = {
    CLIPMESH_NATS_PORT: String(await freePort()),
    CLIPMESH_MINIO_PORT: String(await freePort()),
    CLIPMESH_HTTP_PORT: String(await freePort()),
  };
  const main = join(clone, 'dist/deploy/local/mesh/main.js');
  const child = spawn(process.execPath, [main, 'start', '--data', join(clone, 'data')], {
    env: { ...process.env, NOTES: notes, ...ports, ...env },
  });
  running.push(child);
  let said = '';
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    child.emit('said');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, said }));
  const until = async (text: string): Promise<void> => {
    while (!said.includes(text)) {
      await once(child, 'said');
    }
  };
  const noted = (): string[] =>
    readFileSync(notes, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  return { child, ended, until, noted };
}

/** Resolves when no process has the folder of this test in its command line any more. */
async function nothingRuns(): Promise<void> {
  while (execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(`${clone}/`)) {
    await new Promise(setImmediate);
  }
}

describe('npm start', () => {
  it('stops the services while the servers still run, then the servers', async () => {
    const mesh = await startMesh();
    await mesh.until('Clipmesh runs until Ctrl-C');
    mesh.child.kill('SIGINT');
    expect((await mesh.ended).code).toBe(0);
    const ends = mesh.noted().filter((line) => line.startsWith('ended'));
    expect(ends).toEqual(MESH_SERVICES.map(() => 'ended while NATS ran'));
    await nothingRuns();
  }, 30_000);

  it('leaves nothing running when it is interrupted while it starts', async () => {
    const mesh = await startMesh({ NEVER_READY: '1' });
    await mesh.until('starting the mesh');
    while (mesh.noted().length < MESH_SERVICES.length) {
      await new Promise(setImmediate);
    }
    mesh.child.kill('SIGINT');
    mesh.child.kill('SIGINT');
    expect((await mesh.ended).code).toBe(130);
    await nothingRuns();
  }, 30_000);

  it('starts a service again that has ended by itself', async () => {
    const mesh = await startMesh();
    await mesh.until('Clipmesh runs until Ctrl-C');
    process.kill(Number(mesh.noted()[0]?.split(' ')[1]), 'SIGKILL');
    await mesh.until('starting it again');
    while (mesh.noted().length === MESH_SERVICES.length) {
      await new Promise(setImmediate);
    }
    mesh.child.kill('SIGTERM');
    expect((await mesh.ended).code).toBe(0);
  }, 30_000);

  (process.platform === 'linux' ? it : it.skip)(
    'takes everything along when it is killed',
    async () => {
      const mesh = await startMesh();
      await mesh.until('Clipmesh runs until Ctrl-C');
      mesh.child.kill('SIGKILL');
      await mesh.ended;
      await nothingRuns();
    },
    30_000,
  );

  it('names the port that is taken, and how to choose another', async () => {
    const first = await startMesh();
    await first.until('Clipmesh runs until Ctrl-C');
    const config = readFileSync(join(clone, 'data/nats/nats-server.conf'), 'utf8');
    const taken = /port: (\d+)/.exec(config)?.[1] ?? '';
    const second = await startMesh({ CLIPMESH_NATS_PORT: taken });
    const { code, said } = await second.ended;
    expect(code).toBe(1);
    expect(said).toContain(`port ${taken} of 127.0.0.1, where NATS should listen, is taken`);
    expect(said).toContain('CLIPMESH_NATS_PORT');
  }, 30_000);
});
