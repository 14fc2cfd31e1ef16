import { Bus, type BusSettings, type Published, type PublishOptions } from '@clipmesh/bus';
import { toExportError } from '@clipmesh/errors';

/** From one look for the end of the waiting to the next. */
const ROUND_MS = 2_000;

/** A bus that need not be there yet: recording goes on while NATS is away, however long. */
export class LateBus {
  private readonly bus: Promise<Bus>;
  private closed = false;

  constructor(private readonly settings: BusSettings) {
    this.bus = this.connect();
    // Whoever publishes hears of it.
    this.bus.catch(() => undefined);
  }

  async publish(subject: string, body: unknown, options: PublishOptions): Promise<Published> {
    const bus = await unlessAborted(this.bus, options.signal);
    return bus.publish(subject, body, options);
  }

  /** Also ends the waiting for a server that never came. */
  async close(): Promise<void> {
    this.closed = true;
    const bus = await this.bus.catch(() => undefined);
    await bus?.close();
  }

  private async connect(): Promise<Bus> {
    for (;;) {
      try {
        return await Bus.connect({ ...this.settings, firstConnectMs: ROUND_MS });
      } catch (thrown) {
        const error = toExportError(thrown);
        if (this.closed || error.code !== 'BusUnreachable') {
          throw error;
        }
      }
    }
  }
}

/** Whoever is told to stop need not wait for a server that may never come. */
async function unlessAborted<T>(wanted: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  signal?.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => {
      reject(signal?.reason as Error); // ours are errors
    };
    signal?.addEventListener('abort', stop, { once: true });
    const forget = (): void => signal?.removeEventListener('abort', stop);
    wanted.then(forget, forget);
  });
  return Promise.race([wanted, aborted]);
}
