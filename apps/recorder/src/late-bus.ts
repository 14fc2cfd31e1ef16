import { Bus, type BusSettings, type Published, type PublishOptions } from '@clipmesh/bus';

/** A bus that need not be there yet: recording goes on while NATS is away, however long. */
export class LateBus {
  private readonly bus: Promise<Bus>;

  constructor(settings: BusSettings) {
    this.bus = Bus.connect({ ...settings, firstConnectMs: Infinity });
    // Whoever publishes hears of it.
    this.bus.catch(() => undefined);
  }

  async publish(subject: string, body: unknown, options: PublishOptions): Promise<Published> {
    return (await this.bus).publish(subject, body, options);
  }

  async close(): Promise<void> {
    await (await this.bus).close();
  }
}
