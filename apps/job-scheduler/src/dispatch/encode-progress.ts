import { SOUND_TASK, type ProgressRecord } from '@clipmesh/contracts';
import { taskCount, type EncodeTaskCount, type JobLedger } from './encode-ledger';

/** Time over which the speed is measured. */
const SPEED_OVER_MS = 20_000;

/**
 * What the sound costs, for each part of pictures: a minute of it took 3 s of one core, a minute of pictures at 25 fps 12 s (540p), 21 s
 * (720p) and 34 s (1080p).
 */
const SOUND_COST = 0.15;
/** What all pictures cost when they are copied. */
const COPY_COST = 0.01;

/** What is known of a job's tasks. */
type Ledger = Pick<JobLedger, 'done' | 'hasDone'>;

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
  /** So many tasks make pictures. */
  private readonly pictures: number;
  /** Of one task that makes pictures; a part that is encoded is the measure of all costs. */
  private readonly pictureCost: number;
  private readonly soundCost: number;

  constructor(
    private readonly tasks: EncodeTaskCount,
    /** Of the movie. */
    private readonly durationMs: number,
    /** What was told already, 0 to 1: maybe by another scheduler. */
    private best = 0,
  ) {
    const { hasSound, isCopied, parts } = tasks;
    this.pictures = taskCount(tasks) - Number(hasSound);
    this.pictureCost = isCopied ? COPY_COST : 1;
    this.soundCost = hasSound ? SOUND_COST * Math.max(parts, 1) : 0;
  }

  note(task: string, percent: number, attempt: number): void {
    this.running.set(task, percent / 100);
    this.attempt = Math.max(this.attempt, attempt);
  }

  /** A task is at work no more. */
  forget(task: string): void {
    this.running.delete(task);
  }

  read(ledger: Ledger, nowMs: number): ProgressRecord {
    this.best = Math.max(this.best, this.share(ledger));
    this.readings.push({ atMs: nowMs, fraction: this.best });
    while ((this.readings[1]?.atMs ?? Infinity) <= nowMs - SPEED_OVER_MS) {
      this.readings.shift();
    }
    return {
      format: 1,
      phase: 'encoding',
      percent: 100 * this.best,
      attempt: this.attempt,
      parts: { done: ledger.done, total: taskCount(this.tasks) },
      ...this.speed(nowMs),
    };
  }

  /** What is done of all the work, 0 to 1. */
  private share(ledger: Ledger): number {
    const { pictures, pictureCost, soundCost } = this;
    const isSoundDone = Number(ledger.hasDone(SOUND_TASK));
    let done = (ledger.done - isSoundDone) * pictureCost + isSoundDone * soundCost;
    for (const [task, fraction] of this.running) {
      // What was told of a task may come after its end.
      if (!ledger.hasDone(task)) {
        done += fraction * (task === SOUND_TASK ? soundCost : pictureCost);
      }
    }
    return Math.min(done / (pictures * pictureCost + soundCost), 1);
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
