import {
  createInbox,
  ErrorCode,
  NatsError,
  type JetStreamClient,
  type JetStreamManager,
  type NatsConnection,
} from 'nats';
import { followStatus, type BusStatus } from './status';

/** How long a JetStream API call may take. */
const API_TIMEOUT_MS = 5_000;

const CLOSING: ReadonlySet<string> = new Set([ErrorCode.ConnectionClosed, ErrorCode.ConnectionDraining]);

interface LinkSettings {
  readonly inboxPrefix?: string;
  readonly onStatus?: (status: BusStatus) => void;
}

/** The connection as the files of this lib share it; nothing outside of the lib sees the client. */
export class Link {
  private connected = true;
  private readonly reconnectListeners = new Set<() => void>();

  private constructor(
    readonly nc: NatsConnection,
    readonly js: JetStreamClient,
    readonly jsm: JetStreamManager,
    private readonly settings: LinkSettings,
  ) {}

  static async over(nc: NatsConnection, settings: LinkSettings): Promise<Link> {
    // Without the check: a server whose JetStream is still waking is no reason to fail here.
    const jsm = await nc.jetstreamManager({ checkAPI: false, timeout: API_TIMEOUT_MS });
    const link = new Link(nc, nc.jetstream({ timeout: API_TIMEOUT_MS }), jsm, settings);
    void followStatus(nc, (status) => {
      link.note(status);
    });
    return link;
  }

  get isConnected(): boolean {
    return this.connected && !this.nc.isClosed();
  }

  /** A reply subject of our own, which nobody else may read. */
  newInbox(): string {
    return createInbox(this.settings.inboxPrefix);
  }

  /** Calls the listener after every reconnection, until the returned function is called. */
  onReconnect(listener: () => void): () => void {
    this.reconnectListeners.add(listener);
    return () => this.reconnectListeners.delete(listener);
  }

  /** Publishes unless the connection is closed or closing; whether it did. For what may be lost. */
  tryPublish(subject: string, payload: Uint8Array | string, reply?: string): boolean {
    try {
      this.nc.publish(subject, payload, reply === undefined ? {} : { reply });
      return true;
    } catch (thrown) {
      if (thrown instanceof NatsError && CLOSING.has(thrown.code)) {
        return false;
      }
      throw thrown;
    }
  }

  /**
   * A question that was asked over a connection which has gone is never answered: it fails as soon as there is a new
   * one, and can then be asked again, instead of waiting for its time to run out.
   */
  async whileConnected<T>(asked: Promise<T>): Promise<T> {
    let forget: () => void = () => undefined;
    const renewed = new Promise<never>((_, reject) => {
      forget = this.onReconnect(() => {
        reject(NatsError.errorForCode(ErrorCode.Disconnect));
      });
    });
    asked.catch(() => undefined);
    try {
      return await Promise.race([asked, renewed]);
    } finally {
      forget();
    }
  }

  private note(status: BusStatus): void {
    if (status.kind === 'disconnected') {
      this.connected = false;
    }
    this.settings.onStatus?.(status);
    if (status.kind === 'reconnected') {
      this.connected = true;
      for (const listener of this.reconnectListeners) {
        listener();
      }
    }
  }
}
