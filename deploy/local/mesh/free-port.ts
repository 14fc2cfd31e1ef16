import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the range from which Linux (32768-60999) and macOS (49152-65535) take the ports of outgoing connections: a client
// that connects again and again to a port of that range while its server is down may connect to itself, and then the
// server cannot have its port back.
const FIRST = 20_000;
const LAST = 32_767;

/** A port of 127.0.0.1 that nobody listens on just now. Who gets it must still prove that it is his own server. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isPortFree(port)) {
      return port;
    }
  }
}

export async function isPortFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
