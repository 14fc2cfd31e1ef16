import type { ProgressRecord } from '@clipmesh/contracts';

/** Time over which the speed is measured. */
const SPEED_OVER_MS = 20_000;

interface Reading {
  readonly atMs: number;
  readonly fraction: number;
}

/** How far the encoding of one job is, put together from what the workers tell of its tasks. Never goes back. */
export class EncodeProgress {
  /** Of tasks that are at work, 0 to 1. */
  private readonly running = new Map<string, number>();
  private readonly readings: Reading[] = [];
  private attempt = 1;
  private best = 0;

  constructor(
    private readonly total: number,
    /** Of the movie. */
    private readonly durationMs: number,
  ) {}

  note(task: string, percent: number, attempt: number): void {
    this.running.set(task, percent / 100);
    this.attempt = Math.max(this.attempt, attempt);
  }

  /** A task is at work no more. */
  forget(task: string): void {
    this.running.delete(task);
  }

  read(done: number, nowMs: number): ProgressRecord {
    const atWork = [...this.running.values()].reduce((sum, fraction) => sum + fraction, 0);
    this.best = Math.max(this.best, Math.min((done + atWork) / Math.max(this.total, 1), 1));
    this.readings.push({ atMs: nowMs, fraction: this.best });
    while ((this.readings[1]?.atMs ?? Infinity) <= nowMs - SPEED_OVER_MS) {
      this.readings.shift();
    }
    return {
      format: 1,
      phase: 'encoding',
      percent: 100 * this.best,
      attempt: this.attempt,
      parts: { done, total: this.total },
      ...this.speed(nowMs),
    };
  }

  private speed(nowMs: number): Pick<ProgressRecord, 'speed' | 'etaMs'> {
    const [first] = this.readings;
    const elapsedMs = first === undefined ? 0 : nowMs - first.atMs;
    const encodedMs = (this.best - (first?.fraction ?? 0)) * this.durationMs;
    if (elapsedMs <= 0 || encodedMs <= 0) {
      return {};
    }
    const speed = encodedMs / elapsedMs;
    return { speed, etaMs: Math.round(((1 - this.best) * this.durationMs) / speed) };
  }
}
