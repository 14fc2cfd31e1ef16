import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import type { Logger } from 'pino';
import { Bus } from '@clipmesh/bus';
import { toExportError } from '@clipmesh/errors';
import { openLog } from '../log/pino-log';
import { ErrorFilter } from '../serving/error-filter';
import { ProblemFilter } from '../serving/problem-filter';
import type { MeshSettings } from '../settings/mesh-settings';
import { readSettings, unknownVariables, type SettingsClass } from '../settings/read-settings';
import { createBusApp } from './bus-app';
import { createHttpApp, type HttpAddress } from './http-app';
import { MeshModule } from './mesh.module';
import type { StoreAccess } from './open-store';
import { RELEASE } from './release';
import type { ServiceApp } from './service-app';
import { ServiceInstance, type Abilities } from './service-instance';

export interface ServiceOptions<S extends MeshSettings> {
  /** The app, such as `encoder-worker`. */
  readonly name: string;
  /** One line for `nats micro info`. */
  readonly description: string;
  readonly settings: SettingsClass<S>;
  /** What this copy can do: found out once, before anything else; for all to see, and injected with {@link ServiceInstance}. */
  readonly abilities?: (settings: S) => Promise<Abilities>;
  /** Lists the controllers and loops; injects what {@link MeshModule} provides. */
  readonly module: Type<unknown> | DynamicModule;
  /** Also served over HTTP, at this address; port 0 takes a free one. */
  readonly http?: (settings: S) => HttpAddress;
  /** `readWrite` unless said otherwise. */
  readonly storeAccess?: StoreAccess;
}

const EXIT = { failed: 1, busClosed: 70 } as const;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

@Module({})
class ServiceRoot {}

/**
 * Runs a service until SIGTERM or SIGINT. It logs `ready` when it serves and its loops run. At the end the loops stop
 * first, then requests, then the connections; the exit code is then 0, and 1 when that took longer than its grace.
 */
export async function bootstrapService<S extends MeshSettings>(options: ServiceOptions<S>): Promise<void> {
  const early = openLog(options.name, 'info');
  leaveOnDefect(early);
  try {
    const settings = readSettings(options.settings, process.env);
    const log = openLog(options.name, settings.logLevel);
    const unknown = unknownVariables(options.settings, process.env);
    if (unknown.length > 0) {
      log.warn({ variables: unknown }, 'this service does not know these settings');
    }
    await run(options, settings, log);
  } catch (thrown) {
    const error = toExportError(thrown);
    early.fatal({ code: error.code, err: error }, `could not start: ${error.message}`);
    process.exit(EXIT.failed);
  }
}

async function run<S extends MeshSettings>(
  options: ServiceOptions<S>,
  settings: S,
  log: Logger,
): Promise<void> {
  const instance = ServiceInstance.of(options.name, await options.abilities?.(settings));
  const app = await createApp(options, instance, settings, log);
  const ending = endOnSignal(app.context, settings.shutdownGraceMs, log);
  void app.context.get(Bus).closed.then((error) => {
    if (!ending.aborted) {
      log.fatal({ err: error }, 'the connection to NATS has ended for good');
      process.exit(EXIT.busClosed);
    }
  });
  const url = await app.start();
  log.info({ release: RELEASE, pid: process.pid, ...(url === undefined ? {} : { url }) }, 'ready');
}

async function createApp<S extends MeshSettings>(
  { name, description, module, http, storeAccess }: ServiceOptions<S>,
  instance: ServiceInstance,
  settings: S,
  log: Logger,
): Promise<ServiceApp> {
  const errorFilter = http === undefined ? ErrorFilter : ProblemFilter;
  const mesh = MeshModule.forRoot({ instance, settings, log, storeAccess, errorFilter });
  const root: DynamicModule = { module: ServiceRoot, imports: [mesh, module] };
  const identity = { name, version: RELEASE, description, metadata: instance.metadata };
  return http === undefined
    ? createBusApp(root, identity, log)
    : createHttpApp(root, identity, log, http(settings));
}

/** Nest's own order on a signal is ours: loops, requests, connections. The returned signal aborts when it begins. */
function endOnSignal(app: INestApplicationContext, graceMs: number, log: Logger): AbortSignal {
  const ending = new AbortController();
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      ending.abort();
      setTimeout(() => {
        log.error({ graceMs }, 'did not stop within its grace');
        process.exit(EXIT.failed);
      }, graceMs).unref();
    });
  }
  app.enableShutdownHooks([...SIGNALS], { useProcessExit: true });
  return ending.signal;
}

/** Nobody knows what state a process is in after an error that nobody expected: it ends, and is started anew. */
function leaveOnDefect(log: Logger): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (thrown: unknown) => {
      log.fatal({ event, err: thrown }, 'an error that nobody expected');
      process.exit(EXIT.failed);
    });
  }
}
