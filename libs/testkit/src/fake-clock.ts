interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** Time that stands still until the test moves it. */
export class FakeClock {
  private sleepers: Sleeper[] = [];

  constructor(private ms: number = Date.parse('2026-11-01T05:20:00Z')) {}

  /** Milliseconds since the epoch, as `Date.now`; bound, so that it can be handed over as a function. */
  readonly now = (): number => this.ms;

  readonly date = (): Date => new Date(this.ms);

  /** Resolves when the test has moved the time that far. */
  readonly sleep = async (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.sleepers.push({ wakeAtMs: this.ms + ms, wake });
    });

  /** Moves the time, and wakes who has slept enough, the earliest first. */
  advance(ms: number): void {
    this.ms += ms;
    const due = this.sleepers.filter(({ wakeAtMs }) => wakeAtMs <= this.ms);
    this.sleepers = this.sleepers.filter(({ wakeAtMs }) => wakeAtMs > this.ms);
    for (const { wake } of due.sort((a, b) => a.wakeAtMs - b.wakeAtMs)) {
      wake();
    }
  }

  /** How many sleep now: a test moves the time when it is as many as it expects. */
  get sleeping(): number {
    return this.sleepers.length;
  }
}
