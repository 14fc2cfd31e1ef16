import { ExportError } from '@clipmesh/errors';
import { freePort, isPortFree } from './free-port';

const ATTEMPTS = 5;

/**
 * Starts a server on the given port, or on a free one. Between finding a free port and listening on it somebody else may
 * take it: then another is tried. A given port that is taken is an error that says so.
 */
export async function onFreePort<T>(
  what: string,
  port: number | undefined,
  start: (port: number) => Promise<T>,
): Promise<T> {
  if (port !== undefined) {
    if (!(await isPortFree(port))) {
      throw new ExportError('ServerNotStarted', {
        message: `port ${port} of 127.0.0.1, where ${what} should listen, is taken`,
        hint: 'Stop what listens there, or set CLIPMESH_NATS_PORT or CLIPMESH_MINIO_PORT to another port.',
        details: { port },
      });
    }
    return start(port);
  }
  for (let attempt = 1; ; attempt += 1) {
    const candidate = await freePort();
    try {
      return await start(candidate);
    } catch (error) {
      if (attempt === ATTEMPTS || (await isPortFree(candidate))) {
        throw error;
      }
    }
  }
}
