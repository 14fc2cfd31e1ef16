import 'reflect-metadata';
import { Module, type DynamicModule, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import type { Logger } from 'pino';
import { Bus } from '@clipmesh/bus';
import { toExportError } from '@clipmesh/errors';
import { NestLog } from '../log/nest-log';
import { openLog } from '../log/pino-log';
import { BusServer } from '../serving/bus-server';
import type { MeshSettings } from '../settings/mesh-settings';
import { readSettings, unknownVariables, type SettingsClass } from '../settings/read-settings';
import { MeshModule } from './mesh.module';
import { RELEASE } from './release';

export interface ServiceOptions<S extends MeshSettings> {
  /** The app, such as `encoder-worker`. */
  readonly name: string;
  /** One line for `nats micro info`. */
  readonly description: string;
  readonly settings: SettingsClass<S>;
  /** Lists the controllers and loops; injects what {@link MeshModule} provides. */
  readonly module: Type<unknown> | DynamicModule;
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
  const app = await createApp(options, settings, log);
  const ending = endOnSignal(app, settings.shutdownGraceMs, log);
  void app.get(Bus).closed.then((error) => {
    if (!ending.aborted) {
      log.fatal({ err: error }, 'the connection to NATS has ended for good');
      process.exit(EXIT.busClosed);
    }
  });
  await app.listen();
  log.info({ release: RELEASE, pid: process.pid }, 'ready');
}

function createApp<S extends MeshSettings>(
  { name, description, module }: ServiceOptions<S>,
  settings: S,
  log: Logger,
): Promise<INestMicroservice> {
  const root: DynamicModule = {
    module: ServiceRoot,
    imports: [MeshModule.forRoot({ name, settings, log }), module],
  };
  const identity = { name, version: RELEASE, description };
  const microservice: AsyncMicroserviceOptions = {
    inject: [Bus],
    useFactory: (bus: Bus) => ({ strategy: new BusServer(bus, identity, log) }),
  };
  // Nest declares its options as a class and means the shape.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  return NestFactory.createMicroservice<AsyncMicroserviceOptions>(root, {
    ...microservice,
    logger: new NestLog(log),
    // Without it Nest aborts the process, with a core dump, when a provider cannot be made.
    abortOnError: false,
  });
}

/** Nest's own order on a signal is ours: loops, requests, connections. The returned signal aborts when it begins. */
function endOnSignal(app: INestMicroservice, graceMs: number, log: Logger): AbortSignal {
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
