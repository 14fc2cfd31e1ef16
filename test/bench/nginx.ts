import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, Program } from '@clipmesh/local';
import { judgePath } from '../probe/judge-path';

export interface Nginx {
  readonly pid: number | undefined;
  /** Served as it is. */
  readonly staticUrl: string;
  /** Served by the mp4 module: `?start=` and `end=` in seconds. */
  readonly mp4Url: string;
  stop(): Promise<unknown>;
}

const LOOK_AGAIN_MS = 20;

/** nginx in one process, serving one file of the folder in both ways. */
export async function startNginx(folder: string, file: string): Promise<Nginx> {
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  await writeFile(config, configOf(folder, port));
  const origin = `http://127.0.0.1:${String(port)}`;
  const program = new Program({
    name: 'nginx',
    command: [judgePath('nginx'), '-c', config, '-e', join(folder, 'nginx-error.log')],
    env: process.env,
    logFile: join(folder, 'nginx.log'),
    isUp: (_program, signal) => answers(origin, signal),
  });
  await program.start();
  return {
    pid: program.pid,
    staticUrl: `${origin}/static/${file}`,
    mp4Url: `${origin}/mp4/${file}`,
    stop: () => program.stop(),
  };
}

function configOf(folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/nginx-${name};`).join(' ')}
  sendfile on;
  default_type video/mp4;
  server {
    listen 127.0.0.1:${String(port)};
    location /static/ { alias ${folder}/; }
    location /mp4/ { alias ${folder}/; mp4; mp4_buffer_size 1m; mp4_max_buffer_size 64m; }
  }
}
`;
}

async function answers(origin: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(origin).catch(() => undefined);
    if (answer !== undefined) {
      return;
    }
    await pause(LOOK_AGAIN_MS);
  }
}
