import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { GatewaySettings } from '../config';

/** Left of the grace for what ends after the downloads. */
const MARGIN_MS = 5_000;

/** Answers on their way. When the service ends they may finish within its grace; then they are broken off, and clients resume. */
@Injectable()
export class Downloads implements BeforeApplicationShutdown {
  private readonly running = new Map<Promise<void>, AbortController>();

  constructor(@Inject(GatewaySettings) private readonly settings: Pick<GatewaySettings, 'shutdownGraceMs'>) {}

  /** Runs a download; its signal aborts when there is no more time. */
  async run(download: (stop: AbortController) => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const running = download(stop);
    this.running.set(running, stop);
    try {
      await running;
    } finally {
      this.running.delete(running);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    const timer = setTimeout(
      () => {
        for (const stop of this.running.values()) {
          stop.abort();
        }
      },
      Math.max(0, this.settings.shutdownGraceMs - MARGIN_MS),
    );
    await Promise.allSettled(this.running.keys());
    clearTimeout(timer);
  }
}
