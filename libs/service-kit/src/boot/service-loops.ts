import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';

/** What a loop of a service has: `WorkLoop`, `TaskRunner`, `Periodic` and `Leadership` are such. */
export interface Loop {
  start(): void | Promise<void>;
  stop(): Promise<void>;
}

/**
 * Ties loops to the life of the service: they start when everything is injected, are told to stop first of all at the
 * end, and are waited for before requests stop being answered and connections close. A service's provider extends it.
 */
export abstract class ServiceLoops
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  private stopped: Promise<unknown> = Promise.resolve();

  /** In the order in which they start. */
  protected abstract readonly loops: readonly Loop[];

  async onApplicationBootstrap(): Promise<void> {
    for (const loop of this.loops) {
      await loop.start();
    }
  }

  /** Only tells them: the modules of other loops are told at the same moment. */
  onModuleDestroy(): void {
    this.stopped = Promise.all(this.loops.map((loop) => loop.stop()));
    // Its failure is met where it is waited for.
    this.stopped.catch(() => undefined);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stopped;
  }
}
