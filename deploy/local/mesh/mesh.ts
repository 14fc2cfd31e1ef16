import { join } from 'node:path';
import { OPERATOR } from '@clipmesh/contracts';
import { Doors } from './doors/doors';
import { Secrets } from './doors/secrets';
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
  /** Settings of one service, such as its own user; they win over `env`. */
  readonly envOf?: (app: ServiceName) => NodeJS.ProcessEnv;
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
  /** The settings of who may do everything: on servers of the mesh's own the operator's. */
  readonly env: NodeJS.ProcessEnv;
  /** Stops everything that was started, in order; nothing is left running. */
  stop(): Promise<void>;
}

/** Servers of a mesh's own, with its users, streams and buckets. */
export interface MeshServers {
  readonly nats: NatsServer;
  readonly minio: MinioServer;
  readonly doors: Doors;
  stop(): Promise<void>;
}

/** The whole mesh on servers of its own. */
export type Mesh = MeshServices & MeshServers;

/** Starts NATS, MinIO and all services, and resolves when all are ready; otherwise nothing is left running. */
export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const servers = await startServers(options);
  const { nats, minio, doors } = servers;
  try {
    const running = await startServices({
      ...options,
      env: { ...doors.settingsOf(OPERATOR), ...options.env },
      envOf: (app) => ({ ...doors.settingsOf(app), ...options.env }),
    });
    const stop = async (): Promise<void> => {
      await running.stop();
      await servers.stop();
    };
    return {
      ...running,
      get url() {
        return running.url;
      },
      nats,
      minio,
      doors,
      stop,
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

/** Starts the services alone, on the servers that `env` names. */
export async function startServices(options: MeshOptions): Promise<MeshServices> {
  const { dataDir, env = {}, envOf = () => ({}), workers: copies = 1 } = options;
  const http = { CLIPMESH_HTTP_PORT: String(options.ports?.http ?? 0) };
  let url = '';
  const make = (app: ServiceName, name: string = app): Program =>
    service({
      app,
      name,
      env: { ...http, ...env, ...envOf(app), CLIPMESH_SCRATCH_DIR: join(dataDir, 'scratch', name) },
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

/** Starts NATS and MinIO, ready for services to come; when one fails, nothing is left running. */
export async function startServers({
  dataDir,
  ports = {},
  env = {},
  signal,
}: MeshOptions): Promise<MeshServers> {
  const doorsDir = join(dataDir, 'doors');
  const secrets = new Secrets(doorsDir);
  const options = (name: 'nats' | 'minio') => ({
    dataDir: join(dataDir, name),
    ...(ports[name] === undefined ? {} : { port: ports[name] }),
    ...(signal === undefined ? {} : { signal }),
  });
  const authorization = (): string => Doors.authorization(secrets);
  const nats = await startNatsServer({ ...options('nats'), authorization });
  const started: Program[] = [nats];
  try {
    const minio = await startMinio(options('minio'));
    started.push(minio);
    const doors = await Doors.open({ nats, minio }, secrets, doorsDir, env);
    return { nats, minio, doors, stop: () => stopAll(started) };
  } catch (error) {
    await stopAll(started);
    throw error;
  }
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
