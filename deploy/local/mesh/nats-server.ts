import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { natsServerName } from './nats-info';
import { onFreePort } from './on-free-port';
import { Program } from './program';
import { programPath } from './program-path';
import { retryUntil } from './retry-until';

export interface ServerOptions {
  /** Folder of the server's data, configuration and log; made when missing. */
  readonly dataDir: string;
  /** A free one when absent. */
  readonly port?: number;
  readonly signal?: AbortSignal;
}

export interface NatsOptions extends ServerOptions {
  /** The part of the configuration that says who may do what; asked for at the start and at every reload. Everybody may do everything without it. */
  readonly authorization?: () => string;
}

/** A running NATS server; it keeps its port when it is started again. */
export type NatsServer = Program & {
  readonly port: number;
  readonly url: string;
  /** Writes the configuration anew and has the server read it; connections that are still allowed stay. */
  reload(): void;
};

/** Starts a NATS server with JetStream on 127.0.0.1, and proves by its name that it is ours. */
export async function startNatsServer(options: NatsOptions): Promise<NatsServer> {
  return onFreePort('NATS', options.port, async (port) => {
    const serverName = `clipmesh-${randomUUID()}`;
    const configure = (): string => writeConfig(options, serverName, port);
    const program = new Program({
      name: 'nats-server',
      command: [programPath('nats-server'), '--config', configure()],
      env: process.env,
      logFile: join(options.dataDir, 'nats-server.log'),
      isUp: (_program, signal) => retryUntil(async () => (await natsServerName(port)) === serverName, signal),
    });
    await program.start(options.signal);
    const reload = (): void => {
      configure();
      if (program.pid !== undefined) {
        process.kill(program.pid, 'SIGHUP');
      }
    };
    return Object.assign(program, { port, url: `nats://127.0.0.1:${port}`, reload });
  });
}

/** `sync_interval: always`: what is acknowledged is on the disk (0.3 ms per publish, ADR on durability). */
function writeConfig({ dataDir, authorization }: NatsOptions, serverName: string, port: number): string {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'nats-server.conf');
  const storeDir = JSON.stringify(join(dataDir, 'jetstream'));
  writeFileSync(
    path,
    `server_name: "${serverName}"
host: "127.0.0.1"
port: ${port}
jetstream { store_dir: ${storeDir}, sync_interval: always }
${authorization?.() ?? ''}`,
    { mode: 0o600 },
  );
  chmodSync(path, 0o600); // it may be there from a time without passwords in it
  return path;
}
