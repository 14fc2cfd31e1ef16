import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ExportError } from '@clipmesh/errors';
import type { LogRecord } from './log-watch';
import { Program } from './program';
import { REPOSITORY } from './repository';

/** The apps that make up the mesh. */
export const MESH_SERVICES = [
  'topology-registry',
  'job-scheduler',
  'segment-reader',
  'encoder-worker',
  'sink-writer',
  'api-gateway',
] as const;

export type ServiceName = (typeof MESH_SERVICES)[number];

/**
 * Node's own settings for every service. What a service reads and parses dies young: in 4 MB for young objects instead of 16 it
 * is given back earlier, up to 24 MB of bodies among it, at no cost that could be measured.
 */
export const NODE_FLAGS: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=4'];

export interface ServiceOptions {
  /** Folder under `apps/`. */
  readonly app: string;
  /** Settings of the service, on top of this process's own environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Standard output and error go here. */
  readonly logFile: string;
  /** When there are several copies: the name of this one. */
  readonly name?: string;
  /** Told, at each start, what the service logs when it is ready. */
  readonly onReady?: (record: LogRecord) => void;
  /** The compiled main module, when it is not the app's. */
  readonly main?: string;
}

/** A service in a process of its own, not yet started. It is up when it logs `ready`. */
export function service({
  app,
  env,
  logFile,
  onReady,
  name = app,
  main = mainOf(app),
}: ServiceOptions): Program {
  return new Program({
    name,
    command: [process.execPath, ...NODE_FLAGS, main],
    env: { ...process.env, ...env },
    logFile,
    isUp: async (program, signal) => {
      const record = await program.nextLog(({ msg }) => msg === 'ready', signal);
      onReady?.(record);
    },
  });
}

/** Starts a service and resolves when it is ready; rejects with the end of its log when it does not get there. */
export async function startService(options: ServiceOptions, signal?: AbortSignal): Promise<Program> {
  const program = service(options);
  await program.start(signal);
  return program;
}

function mainOf(app: string): string {
  const main = join(REPOSITORY, 'dist/apps', app, 'src/main.js');
  if (!existsSync(main)) {
    throw new ExportError('ServerNotStarted', {
      message: `there is no ${main}`,
      hint: 'Run `npm run build`.',
    });
  }
  return main;
}
