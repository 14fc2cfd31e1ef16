import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { startMinio } from './minio-server';
import { natsServerName } from './nats-info';
import { startNatsServer } from './nats-server';
import type { Program } from './program';
import { listBucketsStatus } from './signed-request';

let folder: string;
const started: Program[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clipmesh-servers-'));
});

afterAll(async () => {
  await Promise.all(started.map((program) => program.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function kept<T extends Program>(server: Promise<T>): Promise<T> {
  const up = await server;
  started.push(up);
  return up;
}

describe('startNatsServer', () => {
  it('gives two servers a port and a name each', async () => {
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => kept(startNatsServer({ dataDir: join(folder, name) }))),
    );
    expect(await natsServerName(a!.port)).not.toBe(await natsServerName(b!.port));
  });

  it('comes back under the same name and port after it was killed', async () => {
    const server = await kept(startNatsServer({ dataDir: join(folder, 'killed') }));
    const before = await natsServerName(server.port);
    await server.kill();
    await server.restart();
    expect(await natsServerName(server.port)).toBe(before);
  });

  it('says which port is taken', async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const refused = startNatsServer({ dataDir: join(folder, 'taken'), port });
    await expect(refused).rejects.toThrow(`port ${port} of 127.0.0.1, where NATS should listen, is taken`);
    other.close();
  });
});

describe('startMinio', () => {
  it('takes its own credentials and refuses others', async () => {
    const { port, region, accessKey, secretKey } = await kept(startMinio({ dataDir: join(folder, 'm') }));
    const withKey = (secret: string) =>
      listBucketsStatus({ port, region, accessKey, secretKey: secret }, new Date());
    expect([await withKey(secretKey), await withKey('another')]).toEqual([200, 403]);
  });

  it('keeps its credentials with its data', async () => {
    const dataDir = join(folder, 'kept');
    const { secretKey, stop } = await startOnce(dataDir);
    await stop();
    const again = await startOnce(dataDir);
    await again.stop();
    expect(again.secretKey).toBe(secretKey);
  });
});

async function startOnce(dataDir: string) {
  const server = await kept(startMinio({ dataDir }));
  return { secretKey: server.secretKey, stop: () => server.stop() };
}
