import type { INestApplicationContext } from '@nestjs/common';

/** A service that has been put together and does not serve yet. */
export interface ServiceApp {
  readonly context: INestApplicationContext;
  /** Serves from now on; resolves with the URL where that is over HTTP. */
  readonly start: () => Promise<string | undefined>;
}
