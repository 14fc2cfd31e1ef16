import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { endOf, failureOf, StoppedByTimeout } from './ending';
import { feed } from './feed';
import { honestOutput } from './honest-output';
import { followProgress, type Progress } from './progress';
import { StallWatch } from './stall-watch';
import { PROGRESS_FD, startFfmpeg } from './start-ffmpeg';
import { StderrTail } from './stderr-tail';
import { terminateOn } from './terminate';

export interface FfmpegRun<T> {
  /** Everything between the common options and the output: built from numbers and fixed words only. */
  readonly args: readonly string[];
  /** Bytes for ffmpeg's standard input; none is opened when absent. */
  readonly input?: AsyncIterable<Uint8Array>;
  /**
   * Takes ffmpeg's standard output to its end; when it throws, ffmpeg is ended. The output ends only when ffmpeg has
   * ended well, and otherwise fails: what is stored of it up to its end is whole.
   */
  readonly consume: (output: Readable) => Promise<T>;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** Ended when for so long it neither takes input that is there, nor gives output, nor tells of progress. */
  readonly stallMs?: number;
  /** Most address space of the process; default 4 GiB. */
  readonly memoryBytes?: number;
}

const DEFAULT_TIMEOUT_MS = 60 * 60_000;
const DEFAULT_MEMORY_BYTES = 4 * 1024 ** 3;

/**
 * Runs ffmpeg over pipes and resolves with what `consume` made of its output, once the process has ended well.
 *
 * @throws the signal's reason when it aborts; `EncoderTimedOut`, `EncoderCrashed`, `EncoderMissing`, `UndecodableMedia` or
 *   `ScratchFull` with the end of stderr in the details; whatever input or `consume` threw. In each case the process is gone: SIGTERM,
 *   then SIGKILL after a quarter of a second.
 */
export async function runFfmpeg<T>(run: FfmpegRun<T>): Promise<T> {
  run.signal?.throwIfAborted();
  const stop = new Stop(run.signal, run.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  try {
    const child = startFfmpeg({
      args: run.args,
      readsInput: run.input !== undefined,
      tellsProgress: run.onProgress !== undefined,
      memoryBytes: run.memoryBytes ?? DEFAULT_MEMORY_BYTES,
    });
    terminateOn(stop.signal, child);
    return await attend(run, child, stop);
  } finally {
    stop.end();
  }
}

/** Feeds, consumes and waits; whatever fails first ends the process and is thrown when all three have ended. */
async function attend<T>(run: FfmpegRun<T>, child: ChildProcess, stop: Stop): Promise<T> {
  const stall = new StallWatch(run.stallMs, child, stop.because);
  // `startFfmpeg` has opened the pipes that are asked for here.
  const stderr = new StderrTail(child.stderr as Readable);
  if (run.onProgress !== undefined) {
    followProgress(child.stdio[PROGRESS_FD] as Readable, stall.passing(run.onProgress));
  }
  const verdict = endOf(child).then((ending) => {
    const failure = failureOf(ending, stop.signal, stderr);
    if (failure !== undefined) {
      throw failure;
    }
  });
  const feeding =
    run.input === undefined ? undefined : feed(child.stdin as Writable, stall.pausedWhileWaiting(run.input));
  const output = honestOutput(child.stdout as Readable, verdict);
  // What nobody takes must not leave ffmpeg waiting.
  const consuming = run.consume(output).finally(() => output.destroy());
  feeding?.catch(stop.because);
  consuming.catch(stop.because);
  const [ended, fed, consumed] = await Promise.allSettled([verdict, feeding, consuming]);
  stall.end();
  // In the order of cause and effect: what stopped ffmpeg, or how it failed, explains why its pipes broke.
  for (const outcome of [ended, fed]) {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
  }
  if (consumed.status === 'rejected') {
    throw consumed.reason;
  }
  return consumed.value;
}

/** Why ffmpeg is to be ended before its time: the first reason counts. */
class Stop {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly caller: AbortSignal | undefined,
    timeoutMs: number,
  ) {
    caller?.addEventListener('abort', this.follow, { once: true });
    // Node takes no more than 2^31 - 1 ms, and would take more for 1.
    this.timer = setTimeout(
      () => {
        this.because(new StoppedByTimeout(`did not end within ${timeoutMs} ms`));
      },
      Math.min(timeoutMs, 2 ** 31 - 1),
    );
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly because = (reason: unknown): void => {
    this.controller.abort(reason);
  };

  end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.follow);
  }

  private readonly follow = (): void => {
    this.because(this.caller?.reason);
  };
}
