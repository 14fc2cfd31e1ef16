/** Work that several wait for at once: done once for all of them, and broken off when the last has left. */
export class SharedWork<T> {
  private readonly running = new Map<string, Running<T>>();

  /** Joins the work of this key, or begins it. Rejects as the work does, or with the signal's reason. */
  async run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const shared = this.running.get(key) ?? this.begin(key, work);
    shared.waiting += 1;
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        reject(signal.reason as Error); // a reason of ours or of Node: an error in either case
      };
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([shared.result, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      shared.waiting -= 1;
      if (shared.waiting === 0) {
        shared.stop.abort();
      }
    }
  }

  private begin(key: string, work: (signal: AbortSignal) => Promise<T>): Running<T> {
    const stop = new AbortController();
    const result = work(stop.signal).finally(() => {
      this.running.delete(key);
    });
    // Whoever waits hears of it; when all have left nobody has to.
    result.catch(() => undefined);
    const running = { result, stop, waiting: 0 };
    this.running.set(key, running);
    return running;
  }
}

interface Running<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}
