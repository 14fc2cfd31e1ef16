import { connect, ErrorCode, NatsError, type ConnectionOptions, type NatsConnection } from 'nats';
import { ExportError } from '@clipmesh/errors';
import { toBusError } from '../wire/nats-error';
import { pause } from './pause';
import type { BusStatus } from './status';

export interface BusSettings {
  /** `host:port`, `nats://host:port`, or `tls://host:port`, which refuses a server that has no TLS; one or many. */
  readonly servers: string | readonly string[];
  /** Shown by the server beside the connection, such as `encoder-worker/<host>`. */
  readonly name: string;
  readonly user?: string;
  readonly password?: string;
  /** Replies come to subjects under it: one per service, so that no service may read another's. */
  readonly inboxPrefix?: string;
  /** How long to wait for a NATS that is not up yet. */
  readonly firstConnectMs?: number;
  readonly onStatus?: (status: BusStatus) => void;
}

const FIRST_CONNECT_MS = 120_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Connects, waiting within bounds for a server that comes up later than this service. */
export async function dial(settings: BusSettings): Promise<NatsConnection> {
  const startedAt = performance.now();
  const bound = settings.firstConnectMs ?? FIRST_CONNECT_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect(connectionOptions(settings));
    } catch (thrown) {
      const error = dialError(thrown, serverList(settings).join(', '));
      if (!error.retryable || error.code === 'BusDenied' || performance.now() - startedAt > bound) {
        throw error;
      }
      settings.onStatus?.({ kind: 'waiting', attempt, error });
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS));
    }
  }
}

function dialError(thrown: unknown, servers: string): ExportError {
  if (thrown instanceof NatsError && thrown.code === (ErrorCode.ServerOptionNotAvailable as string)) {
    const message = `NATS at ${servers} offers no TLS`;
    return new ExportError('BusDenied', {
      message,
      hint: 'Set up TLS there, or say nats:// here.',
      cause: thrown,
    });
  }
  return toBusError(thrown, `connect to NATS at ${servers}`);
}

const serverList = (settings: BusSettings): string[] => [settings.servers].flat();

function connectionOptions(settings: BusSettings): ConnectionOptions {
  return {
    servers: serverList(settings),
    name: settings.name,
    // The client looks at no scheme: without this it would go on in the clear.
    ...(serverList(settings).some((server) => server.startsWith('tls://')) ? { tls: {} } : {}),
    ...(settings.user === undefined ? {} : { user: settings.user }),
    ...(settings.password === undefined ? {} : { pass: settings.password }),
    ...(settings.inboxPrefix === undefined ? {} : { inboxPrefix: settings.inboxPrefix }),
    // The default gives up for good after 20 s without a server, and the process stays as a zombie.
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    waitOnFirstConnect: false,
    timeout: 5_000,
    pingInterval: 20_000,
    maxPingOut: 3,
    // A stack is taken for every request otherwise: 3 % of the CPU of a service that makes many.
    noAsyncTraces: true,
  };
}
