/** Runs one thing at a time for each key, in the order of asking. */
export class KeyedLock {
  private readonly tails = new Map<string, Promise<unknown>>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.tails.get(key) ?? Promise.resolve();
    // Whoever waits for its turn does not care how the one before ended.
    const turn = before.then(task, task);
    this.tails.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.tails.get(key) === turn) {
        this.tails.delete(key);
      }
    }
  }
}
