import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { OUTCOMES, type Tried } from './fuzz';

/** What the reading process tells of itself before each run, in a file: that is there even when the process is not. */
export interface Progress {
  /** Runs begun, of all targets together. */
  readonly turn: number;
  /** Those of the run that has begun last. */
  readonly target: number;
  readonly run: number;
  readonly tallies: readonly Tally[];
}

export interface Tally {
  /** In the order of `OUTCOMES`. */
  readonly outcomes: readonly number[];
  /** Different ones behind the frame, numbers in them left out. */
  readonly reasons: number;
  readonly mostBufferBytes: number;
}

const HEAD = 3;
const OF_TALLY = OUTCOMES.length + 2;

export class ProgressWriter {
  private readonly file: number;
  private readonly numbers: Float64Array;
  private readonly reasons: readonly Set<string>[];

  constructor(path: string, targets: number) {
    this.file = openSync(path, 'w');
    this.numbers = new Float64Array(HEAD + OF_TALLY * targets);
    this.reasons = Array.from({ length: targets }, () => new Set());
  }

  begin(target: number, run: number): void {
    this.numbers.set([this.turn + 1, target, run]);
    this.save();
  }

  end(target: number, { outcome, reason, bufferBytes }: Tried): void {
    const at = HEAD + OF_TALLY * target;
    const outcomeAt = at + OUTCOMES.indexOf(outcome);
    const reasons = this.reasons[target];
    if (reason !== undefined && outcome === 'refusal') {
      reasons?.add(reason);
    }
    this.numbers[outcomeAt] = (this.numbers[outcomeAt] ?? 0) + 1;
    this.numbers[at + OUTCOMES.length] = reasons?.size ?? 0;
    this.numbers[at + OUTCOMES.length + 1] = Math.max(
      this.numbers[at + OUTCOMES.length + 1] ?? 0,
      bufferBytes,
    );
  }

  close(): void {
    this.save();
    closeSync(this.file);
  }

  private get turn(): number {
    return this.numbers[0] ?? 0;
  }

  private save(): void {
    writeSync(this.file, this.numbers, 0, this.numbers.byteLength, 0);
  }
}

export function readProgress(path: string): Progress {
  const bytes = readFileSync(path);
  const numbers = Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
  const [turn = 0, target = 0, run = 0, ...rest] = numbers;
  const tallies = Array.from({ length: rest.length / OF_TALLY }, (_, i) => {
    const [...tally] = rest.slice(OF_TALLY * i, OF_TALLY * (i + 1));
    const [reasons = 0, mostBufferBytes = 0] = tally.slice(OUTCOMES.length);
    return { outcomes: tally.slice(0, OUTCOMES.length), reasons, mostBufferBytes };
  });
  return { turn, target, run, tallies };
}
