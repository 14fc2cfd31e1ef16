import { createConnection } from 'node:net';

const TIMEOUT_MS = 2_000;

/** The name of the NATS server on a port of 127.0.0.1, from the INFO line with which a server greets (NATS protocol). */
export async function natsServerName(port: number): Promise<string> {
  const line = await firstLine(port);
  const info: unknown = JSON.parse(line.replace(/^INFO /, ''));
  if (
    typeof info === 'object' &&
    info !== null &&
    'server_name' in info &&
    typeof info.server_name === 'string'
  ) {
    return info.server_name;
  }
  throw new Error(`port ${port} greets with ${line.slice(0, 80)}, not with the INFO of a NATS server`);
}

async function firstLine(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = createConnection({ port, host: '127.0.0.1', timeout: TIMEOUT_MS });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
      const end = received.indexOf('\r\n');
      if (end >= 0) {
        resolve(received.slice(0, end));
        socket.destroy();
      }
    });
    socket.on('timeout', () => socket.destroy(new Error('no greeting')));
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('closed without a greeting')); // no effect when it has greeted
    });
  });
}
