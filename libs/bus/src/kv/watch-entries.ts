import { toExportError, type ExportError } from '@clipmesh/errors';
import type { Link } from '../connection/link';
import { pause } from '../connection/pause';
import type { Codec } from './codec';
import { isAnswered } from '../work/pull-inbox';
import { assertFilter } from './keys';
import { LastValues, lostReader, type KvEntry } from './last-values';

/** A value as it is now; `value` is absent when the key was deleted. */
export interface KvChange<T> {
  readonly key: string;
  readonly revision: number;
  readonly value: T | undefined;
}

export interface WatchOptions<T> {
  /** Called with one change after the other, never two at a time. After a reconnection all values come again. */
  readonly onChange: (change: KvChange<T>) => void | Promise<void>;
  /** Told of a handler that threw, of a record that cannot be read, and of every loss of the watch. */
  readonly onError: (error: ExportError) => void;
}

/** Keys that vanish by their bucket's age leave no trace here: look at the record before acting on its absence. */
export interface KvWatch {
  stop(): Promise<void>;
}

const BATCH = 100;
const EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 2_000;
const PAUSE_MS = 250;

/** The client's own watch was silent for 12.5 s after a restart of NATS; this one begins anew on every reconnection. */
export async function watchEntries<T>(
  link: Link,
  bucket: string,
  filter: string,
  codec: Codec<T>,
  options: WatchOptions<T>,
): Promise<KvWatch> {
  assertFilter(filter);
  const watch = new Watch(link, bucket, filter, codec, options);
  await watch.start();
  return watch;
}

class Watch<T> implements KvWatch {
  private readonly stopping = new AbortController();
  private values: LastValues | undefined;
  private handled: Promise<void> = Promise.resolve();
  private running: Promise<void> = Promise.resolve();
  private caughtUp: () => void = () => undefined;

  constructor(
    private readonly link: Link,
    private readonly bucket: string,
    private readonly filter: string,
    private readonly codec: Codec<T>,
    private readonly options: WatchOptions<T>,
  ) {}

  async start(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      this.caughtUp = resolve;
    });
    this.values = await this.openValues();
    const forget = this.link.onReconnect(() => this.values?.abandon());
    this.running = this.follow().finally(forget);
    await ready;
    await this.handled;
  }

  async stop(): Promise<void> {
    this.stopping.abort(new Error('the watch was stopped'));
    this.values?.abandon();
    await this.running;
    await this.handled;
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted || this.link.nc.isClosed();
  }

  private async follow(): Promise<void> {
    while (!this.isStopping()) {
      try {
        await this.followOnce();
      } catch (thrown) {
        if (!this.isStopping()) {
          this.options.onError(toExportError(thrown));
          await pause(PAUSE_MS, this.stopping.signal).catch(() => undefined);
        }
      }
    }
    this.caughtUp();
  }

  private async followOnce(): Promise<void> {
    const values = this.values ?? (await this.openValues());
    this.values = values;
    try {
      for (;;) {
        const end = await values.pull({
          kind: 'wait',
          batch: BATCH,
          expiresMs: EXPIRES_MS,
          heartbeatMs: HEARTBEAT_MS,
        });
        await this.handled;
        if (this.isStopping()) {
          return;
        }
        if (!isAnswered(end)) {
          throw lostReader(this.bucket, this.filter);
        }
      }
    } finally {
      this.values = undefined;
      await values.close();
    }
  }

  private async openValues(): Promise<LastValues> {
    const values = await LastValues.open(this.link, this.bucket, this.filter, (entry) => {
      this.handled = this.handled.then(() => this.handle(entry));
    });
    if (values.initially === 0) {
      this.caughtUp();
    }
    return values;
  }

  private async handle(entry: KvEntry): Promise<void> {
    try {
      const value = entry.isDeletion ? undefined : this.codec.decode(entry.bytes);
      await this.options.onChange({ key: entry.key, revision: entry.revision, value });
    } catch (thrown) {
      this.options.onError(toExportError(thrown));
    }
    if (entry.isLast) {
      this.caughtUp();
    }
  }
}
