import type { KvBucketSpec } from '@clipmesh/contracts';
import { dial, type BusSettings } from './connection/dial';
import { Link } from './connection/link';
import type { Codec } from './kv/codec';
import { KvStore } from './kv/kv-store';
import { nudge, onNudge, type StopListening } from './messages/nudge';
import { publish, type Published, type PublishOptions } from './messages/publish';
import { request, type RequestOptions } from './requests/request';
import { serve, type Endpoint, type RunningService, type ServeOptions } from './requests/serve';
import type { ServiceIdentity } from './requests/serve';

/** How long the last messages may take to leave when the bus is closed. */
const CLOSE_MS = 3_000;

/**
 * NATS in the words of this product: requests, services, streams, nudges and buckets of records.
 *
 * One connection, which comes back by itself for ever. One file per theme holds what each verb does.
 */
export class Bus {
  /**
   * @param link for the files of this lib only
   * @param closed resolves when the connection has ended for good: with an error when nobody asked for it
   */
  private constructor(
    readonly link: Link,
    readonly closed: Promise<Error | undefined>,
  ) {}

  /** Waits for the first connection, within bounds; `onStatus` hears of every try and of all that follows. */
  static async connect(settings: BusSettings): Promise<Bus> {
    const nc = await dial(settings);
    const link = await Link.over(nc, settings);
    return new Bus(
      link,
      nc.closed().then((error) => error ?? undefined),
    );
  }

  get isConnected(): boolean {
    return this.link.isConnected;
  }

  /** Which server this is: tests check that they talk to their own. */
  get serverName(): string {
    return this.link.nc.info?.server_name ?? '';
  }

  /** Asks whoever serves the subject; what they threw is thrown here. The answer's shape is theirs to keep. */
  async request<T>(subject: string, body: unknown, options: RequestOptions = {}): Promise<T> {
    return (await request(this.link, subject, body, options)) as T;
  }

  serve(
    identity: ServiceIdentity,
    endpoints: readonly Endpoint[],
    options: ServeOptions = {},
  ): Promise<RunningService> {
    return serve(this.link, identity, endpoints, options);
  }

  publish(subject: string, body: unknown, options: PublishOptions): Promise<Published> {
    return publish(this.link, subject, body, options);
  }

  nudge(subject: string, body: unknown): void {
    nudge(this.link, subject, body);
  }

  onNudge(subject: string, handler: (body: unknown, subject: string) => void): StopListening {
    return onNudge(this.link, subject, handler);
  }

  kv<T>(spec: KvBucketSpec, codec: Codec<T>): KvStore<T> {
    return new KvStore(this.link, spec, codec);
  }

  /** Lets what is under way arrive, then closes. Without a server there is nothing to wait for. */
  async close(): Promise<void> {
    const { nc } = this.link;
    if (this.link.isConnected) {
      let timer: NodeJS.Timeout | undefined;
      const bound = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_MS);
      });
      // A server that goes away just now leaves the drain without an end.
      await Promise.race([nc.drain().catch(() => undefined), bound]);
      clearTimeout(timer);
    }
    await nc.close();
    await this.closed;
  }
}
