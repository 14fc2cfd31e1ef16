import { join } from 'node:path';
import { type MinioServer, type NatsServer, startMinio, startNatsServer } from '@clipmesh/local';
import { withTemporaryFolder } from './temporary-folder';

const START_TIMEOUT_MS = 60_000;

/** The servers of a test file; they can be read from `beforeAll` on. */
export interface TestServers {
  readonly nats: NatsServer;
  readonly minio: MinioServer;
  /** Holds their data; tests may keep files of their own in it. Removed at the end. */
  readonly folder: string;
}

/**
 * One NATS and one MinIO of their own for the tests of a file, on free ports, with data in a temporary folder; stopped
 * after the last test. To be called where tests are declared.
 */
export function withServers(): TestServers {
  const { folder, ...nats } = withServer('nats', startNatsServer);
  const minio = withServer('minio', startMinio);
  return {
    folder,
    get nats() {
      return nats.server();
    },
    get minio() {
      return minio.server();
    },
  };
}

/** As {@link withServers}, for tests that need no store. */
export function withNats(): Pick<TestServers, 'nats' | 'folder'> {
  const { folder, server } = withServer('nats', startNatsServer);
  return {
    folder,
    get nats() {
      return server();
    },
  };
}

/** As {@link withServers}, for tests that need no bus. */
export function withMinio(): Pick<TestServers, 'minio' | 'folder'> {
  const { folder, server } = withServer('minio', startMinio);
  return {
    folder,
    get minio() {
      return server();
    },
  };
}

function withServer<T extends NatsServer | MinioServer>(
  name: string,
  start: (options: { dataDir: string }) => Promise<T>,
): { folder: string; server: () => T } {
  let running: T | undefined;
  // Hooks after the tests run in the order of their declaration: the server is stopped before its folder is removed.
  afterAll(async () => {
    await running?.stop();
  });
  const folder = withTemporaryFolder();
  beforeAll(async () => {
    running = await start({ dataDir: join(folder, name) });
  }, START_TIMEOUT_MS);
  const server = (): T => {
    if (running === undefined) {
      throw new Error(`${name} runs from beforeAll on; read it inside of a test or a hook`);
    }
    return running;
  };
  return { folder, server };
}
