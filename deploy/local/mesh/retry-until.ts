import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Asks a server that is coming up, until it answers. `ask` throws or gives `false` while it does not; the reason of the
 * abort is what the caller hears when it never does.
 */
export async function retryUntil(ask: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answered = await ask().catch(() => false); // refused connections are what coming up looks like
    if (answered) {
      return;
    }
    await sleep(POLL_MS);
  }
}
