import type { ChildProcess } from 'node:child_process';
import type { Progress } from './progress';
import { StoppedByTimeout } from './ending';

/**
 * Notices an ffmpeg that hangs. What it waits for is not its fault: input that is not there yet, output that nobody has
 * taken yet.
 */
export class StallWatch {
  private timer: NodeJS.Timeout | undefined;
  private isWaitingForInput = false;
  private lastProgressUs = -1;

  constructor(
    private readonly stallMs: number | undefined,
    private readonly child: ChildProcess,
    private readonly onStall: (reason: Error) => void,
  ) {
    this.arm();
  }

  end(): void {
    clearTimeout(this.timer);
  }

  /** Hears of progress on its way to whoever wants it. */
  passing(listener: (progress: Progress) => void): (progress: Progress) => void {
    return (progress) => {
      if (progress.outTimeUs !== this.lastProgressUs) {
        this.lastProgressUs = progress.outTimeUs;
        this.arm();
      }
      listener(progress);
    };
  }

  async *pausedWhileWaiting(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    this.isWaitingForInput = true;
    for await (const chunk of input) {
      this.isWaitingForInput = false;
      this.arm();
      yield chunk;
      this.isWaitingForInput = true;
    }
    this.isWaitingForInput = false;
    this.arm();
  }

  private arm(): void {
    if (this.stallMs !== undefined) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.look();
      }, this.stallMs);
    }
  }

  private look(): void {
    // Output that nobody has taken yet is not ffmpeg's to wait for.
    if (this.isWaitingForInput || (this.child.stdout?.readableLength ?? 0) > 0) {
      this.arm();
    } else {
      this.onStall(new StoppedByTimeout(`made no headway for ${this.stallMs ?? 0} ms`));
    }
  }
}
