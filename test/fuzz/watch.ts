import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProgress, type Progress, type Tally } from './progress';
import { Watchdog } from './watchdog';

export interface WatchOptions {
  /** Module of the targets. */
  readonly targets: string;
  /** Name of the only one to be read. */
  readonly target?: string;
  readonly seed: number;
  /** The only run to be done. */
  readonly run?: number;
  readonly endMs: number;
  /** The longest that a run may take; what takes twice as long is found for certain. */
  readonly hangMs: number;
  /** Bound of the reading process's heap, on top of which come array buffers (see `bufferBound`). */
  readonly heapMib: number;
}

export interface ReadingWork extends Omit<WatchOptions, 'hangMs' | 'heapMib'> {
  readonly progressPath: string;
}

export interface Finding {
  /** Number of the target. */
  readonly target: number;
  readonly run: number;
  readonly problem: string;
}

export interface Watched {
  readonly tallies: readonly Tally[];
  readonly finding?: Finding;
}

const KEPT_STDERR = 64 * 1024;

/**
 * Has a process read until it finds something, and finds what it cannot tell of: that it hangs, has run out of memory, or has
 * died. A process and no thread, because V8 ends the whole process when it has no memory left.
 */
export async function watch(options: WatchOptions): Promise<Watched> {
  const folder = mkdtempSync(join(tmpdir(), 'clipmesh-fuzz-progress-'));
  const progressPath = join(folder, 'progress');
  try {
    const { hangMs, heapMib, ...work } = options;
    const child = fork(require.resolve('./reading-process'), [JSON.stringify({ ...work, progressPath })], {
      execArgv: [...process.execArgv, `--max-old-space-size=${heapMib}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const problem = await problemOf(child, hangMs, progressPath);
    const { tallies, target, run } = progressOf(progressPath);
    return { tallies, ...(problem === undefined ? {} : { finding: { target, run, problem } }) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Resolves when the process is gone. Rejects when it has never begun to read. */
async function problemOf(child: ChildProcess, hangMs: number, path: string): Promise<string | undefined> {
  const watchdog = new Watchdog();
  let stderr = '';
  let told: { readonly problem?: string } | undefined;
  child.stderr?.on('data', (chunk: Buffer) => (stderr = (stderr + String(chunk)).slice(-KEPT_STDERR)));
  child.on('message', (message: { readonly problem?: string }) => (told = message));
  const timer = setInterval(() => {
    if (told === undefined && watchdog.hangs(progressOf(path).turn)) {
      told = { problem: `no end within ${hangMs} ms` };
      child.kill('SIGKILL');
    }
  }, hangMs);
  const how = await new Promise<string>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => {
      resolve(signal ?? `code ${code}`);
    });
  }).finally(() => {
    clearInterval(timer);
  });
  if (told !== undefined) {
    return told.problem;
  }
  if (progressOf(path).turn === 0) {
    throw new Error(`reading did not begin, it ended with ${how}: ${stderr}`);
  }
  return `the process ended with ${how}: ${/FATAL ERROR: .*/.exec(stderr)?.[0] ?? stderr}`;
}

function progressOf(path: string): Progress {
  return existsSync(path) ? readProgress(path) : { turn: 0, target: 0, run: 0, tallies: [] };
}
