import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { endOf, ffmpegError } from './ending';
import { followProgress, type Progress } from './progress';
import { StderrTail } from './stderr-tail';
import { terminate } from './terminate';

export interface FfmpegRun<T> {
  /** Everything between the common options and the output: built from numbers and fixed words only. */
  readonly args: readonly string[];
  /** Bytes for ffmpeg's standard input; none is opened when absent. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Takes ffmpeg's standard output to its end; when it throws, ffmpeg is ended. */
  readonly consume: (output: Readable) => Promise<T>;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60 * 60_000;

/** `-progress` writes to this descriptor, so that it mixes with neither output nor messages. */
const PROGRESS_FD = 3;

/**
 * Runs ffmpeg over pipes and resolves with what `consume` made of its output, once the process has ended well.
 *
 * @throws the signal's reason when it aborts; `EncoderTimedOut`, `EncoderCrashed`, `UndecodableMedia` or `ScratchFull`
 *   with the end of stderr in the details; whatever input or `consume` threw. In each case the process is gone: SIGTERM,
 *   then SIGKILL after a second.
 */
export async function runFfmpeg<T>(run: FfmpegRun<T>): Promise<T> {
  run.signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(run.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const child = start(run);
  const stderr = new StderrTail(child.stderr as Readable);
  if (run.onProgress !== undefined) {
    followProgress(child.stdio[PROGRESS_FD] as Readable, run.onProgress);
  }
  const stop = new AbortController();
  const ended = endOf(child);
  const kill = terminate(child, [stop.signal, timeout, run.signal]);
  const feeding = run.input === undefined ? Promise.resolve() : feed(child.stdin as Writable, run.input);
  const stopOnFailure = (error: unknown): never => {
    stop.abort(error);
    throw error;
  };
  const [consumed, fed, end] = await Promise.allSettled([
    run.consume(child.stdout as Readable).catch(stopOnFailure),
    feeding.catch(stopOnFailure),
    ended,
  ]);
  kill.done();
  run.signal?.throwIfAborted();
  // What stopped ffmpeg is the cause; that its pipes then broke is not.
  if (stop.signal.aborted) {
    throw stop.signal.reason;
  }
  if (end.status === 'rejected') {
    throw end.reason;
  }
  const failure = ffmpegError(end.value, timeout.aborted, stderr);
  if (failure !== undefined) {
    throw failure;
  }
  if (fed.status === 'rejected') {
    throw fed.reason;
  }
  if (consumed.status === 'rejected') {
    throw consumed.reason;
  }
  return consumed.value;
}

function start(run: FfmpegRun<unknown>): ChildProcess {
  const common = ['-hide_banner', '-v', 'error', '-y'];
  const input = run.input === undefined ? ['-nostdin'] : [];
  const progress = run.onProgress === undefined ? [] : ['-progress', `pipe:${PROGRESS_FD}`, '-nostats'];
  return spawn('ffmpeg', [...common, ...input, ...progress, ...run.args], {
    stdio: [
      run.input === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
      run.onProgress === undefined ? 'ignore' : 'pipe',
    ],
    detached: true,
  });
}

/** Writes the input as fast as ffmpeg reads it. ffmpeg may have enough early: a closed pipe is then no error. */
async function feed(stdin: Writable, input: AsyncIterable<Uint8Array>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    stdin.once('close', resolve);
  });
  // EPIPE: how ffmpeg ended tells whether that was right.
  stdin.on('error', () => stdin.destroy());
  for await (const chunk of input) {
    if (stdin.destroyed) {
      return;
    }
    if (!stdin.write(chunk)) {
      await Promise.race([new Promise((resolve) => stdin.once('drain', resolve)), closed]);
    }
  }
  stdin.end();
}
