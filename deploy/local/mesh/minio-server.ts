import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerOptions } from './nats-server';
import { onFreePort } from './on-free-port';
import { Program } from './program';
import { programPath } from './program-path';
import { retryUntil } from './retry-until';
import { listBucketsStatus, type RootCredentials } from './signed-request';

export const REGION = 'us-east-1';

/** How to reach a store. */
export interface StoreAddress extends RootCredentials {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly region: string;
}

/** A running MinIO server; it keeps its port and its key when it is started again. */
export type MinioServer = Program & StoreAddress & { readonly port: number };

/** Starts a MinIO server on 127.0.0.1; that it takes credentials which nobody else has proves that it is ours. */
export async function startMinio(options: ServerOptions): Promise<MinioServer> {
  const { dataDir } = options;
  const objects = join(dataDir, 'objects');
  mkdirSync(objects, { recursive: true });
  const credentials = credentialsIn(dataDir);
  return onFreePort('MinIO', options.port, async (port) => {
    const program = new Program({
      name: 'minio',
      // A certificate folder of its own: the default is in the home of the user, who may have put one there.
      command: [
        programPath('minio'),
        'server',
        objects,
        '--address',
        `127.0.0.1:${port}`,
        '--certs-dir',
        join(dataDir, 'certs'),
      ],
      env: minioEnvironment(credentials),
      logFile: join(dataDir, 'minio.log'),
      isUp: (_program, signal) =>
        retryUntil(
          async () => (await listBucketsStatus({ port, region: REGION, ...credentials }, new Date())) === 200,
          signal,
        ),
    });
    await program.start(options.signal);
    return Object.assign(program, {
      port,
      endpoint: `http://127.0.0.1:${port}`,
      region: REGION,
      ...credentials,
    });
  });
}

/** Without the caller's own MINIO_ settings; no console, and no question to the maker whether there is a newer one. */
function minioEnvironment({ accessKey, secretKey }: RootCredentials): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MINIO_'));
  return {
    ...Object.fromEntries(inherited),
    MINIO_ROOT_USER: accessKey,
    MINIO_ROOT_PASSWORD: secretKey,
    MINIO_REGION: REGION,
    MINIO_BROWSER: 'off',
    MINIO_UPDATE: 'off',
  };
}

/** Made once for a data folder, so that data which is kept can be read with the same key tomorrow. */
function credentialsIn(dataDir: string): RootCredentials {
  const path = join(dataDir, 'root-credentials.json');
  if (!existsSync(path)) {
    const made = {
      accessKey: `clipmesh-${randomBytes(4).toString('hex')}`,
      secretKey: randomBytes(20).toString('hex'),
    };
    writeFileSync(path, JSON.stringify(made), { mode: 0o600 });
  }
  // Written by us, just now or in an earlier run.
  return JSON.parse(readFileSync(path, 'utf8')) as RootCredentials;
}
