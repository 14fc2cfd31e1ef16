import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
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

/** A running NATS server; it keeps its port when it is started again. */
export type NatsServer = Program & { readonly port: number; readonly url: string };

/** Starts a NATS server with JetStream on 127.0.0.1, and proves by its name that it is ours. */
export async function startNatsServer(options: ServerOptions): Promise<NatsServer> {
  return onFreePort('NATS', options.port, async (port) => {
    const serverName = `clipmesh-${randomUUID()}`;
    const program = new Program({
      name: 'nats-server',
      command: [programPath('nats-server'), '--config', writeConfig(options.dataDir, serverName, port)],
      env: process.env,
      logFile: join(options.dataDir, 'nats-server.log'),
      isUp: (_program, signal) => retryUntil(async () => (await natsServerName(port)) === serverName, signal),
    });
    await program.start(options.signal);
    return Object.assign(program, { port, url: `nats://127.0.0.1:${port}` });
  });
}

/** `sync_interval: always`: what is acknowledged is on the disk (0.3 ms per publish, ADR on durability). */
function writeConfig(dataDir: string, serverName: string, port: number): string {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'nats-server.conf');
  const storeDir = JSON.stringify(join(dataDir, 'jetstream'));
  writeFileSync(
    path,
    `server_name: "${serverName}"
host: "127.0.0.1"
port: ${port}
jetstream { store_dir: ${storeDir}, sync_interval: always }
`,
  );
  return path;
}
