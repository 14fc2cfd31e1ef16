import { join } from 'node:path';
import { type MinioServer, startMinio } from './minio-server';
import { type NatsServer, startNatsServer } from './nats-server';
import type { Program } from './program';
import { MESH_SERVICES, service, type ServiceName } from './service';

export interface MeshOptions {
  /** Folder of all data and logs; made when missing. */
  readonly dataDir: string;
  /** Free ports when absent. */
  readonly ports?: { readonly nats?: number; readonly minio?: number; readonly http?: number };
  /** Further settings of the services, such as short leases in tests; they win. */
  readonly env?: NodeJS.ProcessEnv;
  /** Copies of encoder-worker; one when absent. */
  readonly workers?: number;
  /** Aborting it while the mesh starts stops all of it. */
  readonly signal?: AbortSignal;
}

/** The services, running, each in a process of its own. */
export interface MeshServices {
  readonly services: Readonly<Record<ServiceName, Program>>;
  /** All copies of encoder-worker, the one in `services` first. */
  readonly workers: readonly Program[];
  /** Where api-gateway serves, since its last start. */
  readonly url: string;
  /** The settings that the services have; those of a recorder or of a test's own connections are the same. */
  readonly env: NodeJS.ProcessEnv;
  /** Stops everything that was started, in order; nothing is left running. */
  stop(): Promise<void>;
}

/** The whole mesh on servers of its own. */
export interface Mesh extends MeshServices {
  readonly nats: NatsServer;
  readonly minio: MinioServer;
}

/** Starts NATS, MinIO and all services, and resolves when all are ready; otherwise nothing is left running. */
export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const { nats, minio, stop: stopServers } = await startServers(options);
  try {
    const running = await startServices({ ...options, env: { ...settingsOf(nats, minio), ...options.env } });
    const stop = async (): Promise<void> => {
      await running.stop();
      await stopServers();
    };
    return {
      ...running,
      get url() {
        return running.url;
      },
      nats,
      minio,
      stop,
    };
  } catch (error) {
    await stopServers();
    throw error;
  }
}

/** Starts the services alone, on the servers that `env` names. */
export async function startServices(options: MeshOptions): Promise<MeshServices> {
  const { dataDir, env = {}, workers: copies = 1 } = options;
  const http = { CLIPMESH_HTTP_PORT: String(options.ports?.http ?? 0) };
  let url = '';
  const make = (app: ServiceName, name: string = app): Program =>
    service({
      app,
      name,
      env: { ...http, ...env, CLIPMESH_SCRATCH_DIR: join(dataDir, 'scratch', name) },
      logFile: join(dataDir, 'logs', `${name}.log`),
      onReady: (record) => {
        url = typeof record['url'] === 'string' ? record['url'] : url;
      },
    });
  const services = Object.fromEntries(MESH_SERVICES.map((app) => [app, make(app)])) as Record<
    ServiceName,
    Program
  >;
  const more = Array.from({ length: copies - 1 }, (_, i) =>
    make('encoder-worker', `encoder-worker-${i + 2}`),
  );
  const all = [...Object.values(services), ...more];
  await startAll(all, options.signal);
  return {
    services,
    workers: [services['encoder-worker'], ...more],
    get url() {
      return url;
    },
    env,
    stop: () => stopAll(all),
  };
}

async function startServers({
  dataDir,
  ports = {},
  signal,
}: MeshOptions): Promise<Pick<Mesh, 'nats' | 'minio' | 'stop'>> {
  const options = (name: 'nats' | 'minio') => ({
    dataDir: join(dataDir, name),
    ...(ports[name] === undefined ? {} : { port: ports[name] }),
    ...(signal === undefined ? {} : { signal }),
  });
  const nats = await startNatsServer(options('nats'));
  try {
    const minio = await startMinio(options('minio'));
    return { nats, minio, stop: () => stopAll([nats, minio]) };
  } catch (error) {
    await nats.stop();
    throw error;
  }
}

function settingsOf(nats: NatsServer, minio: MinioServer): NodeJS.ProcessEnv {
  return {
    CLIPMESH_NATS_URL: nats.url,
    CLIPMESH_S3_ENDPOINT: minio.endpoint,
    CLIPMESH_S3_ACCESS_KEY: minio.accessKey,
    CLIPMESH_S3_SECRET_KEY: minio.secretKey,
    CLIPMESH_S3_REGION: minio.region,
  };
}

/** All at once, because each needs a second of its own; when one fails, none is left. */
async function startAll(programs: readonly Program[], signal: AbortSignal | undefined): Promise<void> {
  const failure = new AbortController();
  const either = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])]);
  const start = async (program: Program): Promise<void> => {
    try {
      await program.start(either);
    } catch (error) {
      failure.abort(error); // the first one counts: it is why the others end
    }
  };
  await Promise.all(programs.map(start));
  if (failure.signal.aborted) {
    await stopAll(programs);
    throw failure.signal.reason;
  }
}

async function stopAll(programs: readonly Program[]): Promise<void> {
  await Promise.all(programs.map((program) => program.stop()));
}
