import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ExportError } from '@clipmesh/errors';
import { FIRST_VIDEO, firstSteps } from './first-steps';
import { keepRunning } from './keep-running';
import { type Mesh, type MeshServices, startMesh, startServices } from './mesh';
import type { Program } from './program';

// The ports that the `nats` and `mc` commands and everybody's habits expect; when one is taken, that is said at once.
const NATS_PORT = 4222;
const MINIO_PORT = 9000;
const HTTP_PORT = 8080;

interface Running {
  readonly mesh: MeshServices;
  readonly programs: readonly Program[];
  readonly natsUrl: string;
  readonly endpoint: string;
  /** Of servers of the mesh's own. */
  readonly doorsDir?: string;
}

/** `npm start`: the whole mesh until Ctrl-C, with data that stays. */
export async function start(args: readonly string[], signal: AbortSignal): Promise<number> {
  const dataDir = dataFolder(args);
  process.stderr.write('starting the mesh ...\n');
  const { mesh, programs, ...places } = await startWithin(dataDir, signal);
  const stopping = once(signal, 'abort');
  process.stdout.write(firstSteps({ ...places, httpUrl: mesh.url, dataDir }));
  const kept = programs.map((program) =>
    keepRunning(program, signal, (line) => process.stderr.write(`${line}\n`)),
  );
  await stopping;
  process.stderr.write('stopping ...\n');
  await mesh.stop();
  await Promise.all(kept);
  return 0;
}

function dataFolder(args: readonly string[]): string {
  try {
    const { values } = parseArgs({ args: [...args], options: { data: { type: 'string', default: 'data' } } });
    return resolve(values.data);
  } catch (error) {
    throw new ExportError('RequestInvalid', {
      message: error instanceof Error ? error.message : String(error),
      hint: 'usage: npm start -- [--data DIR]',
    });
  }
}

/** On servers of its own, or on those that the environment names. */
async function startWithin(dataDir: string, signal: AbortSignal): Promise<Running> {
  const { CLIPMESH_NATS_URL: natsUrl, CLIPMESH_S3_ENDPOINT: endpoint } = process.env;
  const http = portFrom('CLIPMESH_HTTP_PORT', HTTP_PORT);
  if (natsUrl === undefined || endpoint === undefined) {
    const ports = {
      nats: portFrom('CLIPMESH_NATS_PORT', NATS_PORT),
      minio: portFrom('CLIPMESH_MINIO_PORT', MINIO_PORT),
      http,
    };
    const mesh: Mesh = await startMesh({ dataDir, ports, signal });
    const { nats, minio, doors } = mesh;
    await doors.recorder(FIRST_VIDEO);
    const programs = [nats, minio, ...programsOf(mesh)];
    return { mesh, programs, natsUrl: nats.url, endpoint: minio.endpoint, doorsDir: doors.dataDir };
  }
  const mesh = await startServices({ dataDir, ports: { http }, signal });
  return { mesh, programs: programsOf(mesh), natsUrl, endpoint };
}

function programsOf({ services, workers }: MeshServices): Program[] {
  return [...new Set([...Object.values(services), ...workers])];
}

function portFrom(variable: string, fallback: number): number {
  const text = process.env[variable] ?? String(fallback);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ExportError('RequestInvalid', {
      message: `${variable} is "${text}", not a port`,
      target: variable,
    });
  }
  return port;
}
