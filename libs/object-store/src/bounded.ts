import { setMaxListeners } from 'node:events';

/**
 * Runs tasks with at most `limit` in flight. The first failure aborts the others through the signal that each task is
 * given, and is thrown when all have ended: nothing is left running behind the caller's back.
 */
export class BoundedTasks {
  private readonly running = new Set<Promise<void>>();
  private readonly stop = new AbortController();
  private failure: { readonly error: unknown } | undefined;
  private readonly follow: () => void;

  constructor(
    private readonly limit: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    this.follow = () => {
      this.fail(caller?.reason);
    };
    // Every request of every task listens.
    setMaxListeners(0, this.stop.signal);
    caller?.addEventListener('abort', this.follow, { once: true });
    if (caller?.aborted === true) {
      this.follow();
    }
  }

  /** Aborts with the first failure, or with the caller's signal. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Waits for a free place, then starts the task. */
  async add(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    while (this.running.size >= this.limit && this.failure === undefined) {
      await Promise.race(this.running);
    }
    this.throwFailure();
    const run = task(this.stop.signal)
      .catch((error: unknown) => {
        this.fail(error);
      })
      .finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Waits for all; throws the first failure. */
  async end(): Promise<void> {
    await Promise.all(this.running);
    this.caller?.removeEventListener('abort', this.follow);
    this.throwFailure();
  }

  /** Ends early: aborts what runs and waits until it has ended. */
  async cancel(reason: unknown): Promise<void> {
    this.fail(reason);
    await Promise.all(this.running);
    this.caller?.removeEventListener('abort', this.follow);
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.stop.abort(error);
  }

  private throwFailure(): void {
    if (this.failure !== undefined) {
      throw this.failure.error;
    }
  }
}
