import assert from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { ExportError } from '@clipmesh/errors';
import { dieWithUs, killAtExit, killGroup } from './last-words';
import { type LogRecord, LogWatch } from './log-watch';

const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 15_000;
const TAIL_LINES = 20;

/** How a program ended. */
export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a program is, and how it is known to be up. */
export interface Launch {
  /** For messages. */
  readonly name: string;
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Both output streams go to the end of this file. */
  readonly logFile: string;
  /** Resolves when the program is proven to be up. The signal is aborted, with the reason, when it will not be. */
  readonly isUp: (program: Program, signal: AbortSignal) => Promise<unknown>;
}

/** A server or service in a process of its own, which can be stopped, killed and started again. */
export class Program {
  private child: ChildProcess | undefined;
  private ended: Promise<ProgramExit> = Promise.resolve({ code: null, signal: null });
  private readonly watch = new LogWatch();

  constructor(private readonly launch: Launch) {}

  get name(): string {
    return this.launch.name;
  }

  get logFile(): string {
    return this.launch.logFile;
  }

  /** Process id of the running program; undefined when it does not run. */
  get pid(): number | undefined {
    return this.isRunning ? this.child?.pid : undefined;
  }

  get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when the program that runs now has ended, for whatever reason. */
  get exited(): Promise<ProgramExit> {
    return this.ended;
  }

  /** Starts it and resolves when it is up; rejects, with nothing left running, when it does not come up. */
  async start(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.spawn();
    const hopeless = this.hopeless('was up');
    const timeout = setTimeout(() => {
      hopeless.abort(this.failure(`was not up after ${START_TIMEOUT_MS / 1000} s`));
    }, START_TIMEOUT_MS);
    try {
      const given = signal === undefined ? [] : [signal];
      await this.launch.isUp(this, AbortSignal.any([hopeless.signal, ...given]));
    } catch (error) {
      await this.kill();
      throw error;
    } finally {
      clearTimeout(timeout);
      hopeless.done();
    }
  }

  /** The same again, with the same settings; stops it first when it runs. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Asks it to end (SIGTERM), and kills it with all that it has started when it has not ended after the grace. */
  async stop(graceMs: number = STOP_GRACE_MS): Promise<ProgramExit> {
    const { child } = this;
    if (child === undefined) {
      return this.ended;
    }
    child.kill('SIGTERM');
    const grace = setTimeout(() => {
      killGroup(child);
    }, graceMs);
    const exit = await this.ended;
    clearTimeout(grace);
    killGroup(child);
    this.child = undefined;
    return exit;
  }

  /** Kills the process without a word (SIGKILL), as the kernel does when memory runs out; what it started may live on. */
  async kill(): Promise<ProgramExit> {
    this.child?.kill('SIGKILL');
    return this.ended;
  }

  /** The next record in its log for which `matches` holds; rejects when the program ends, or the signal is aborted, before. */
  async nextLog(matches: (record: LogRecord) => boolean, signal?: AbortSignal): Promise<LogRecord> {
    const hopeless = this.hopeless('logged what was waited for');
    try {
      const given = signal === undefined ? [] : [signal];
      return await this.watch.next(matches, AbortSignal.any([hopeless.signal, ...given]));
    } finally {
      hopeless.done();
    }
  }

  private spawn(): void {
    const { command, env, logFile } = this.launch;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a');
    const [file = '', ...args] = dieWithUs(command);
    // A session of its own: Ctrl-C on a terminal reaches us alone, and we stop everything in the right order.
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', log] });
    assert(child.stdout !== null, 'standard output is a pipe');
    killAtExit(child);
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        writeSync(log, `${error.message}\n`); // it could not be started; `close` follows
      });
      child.once('close', (code, signal) => {
        closeSync(log);
        resolve({ code, signal });
      });
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      writeSync(log, `${line}\n`);
      this.watch.tell(line);
    });
  }

  /** Aborts with a telling error when the program ends before `done` is called. */
  private hopeless(what: string): { signal: AbortSignal; abort: (reason: Error) => void; done: () => void } {
    const controller = new AbortController();
    let waiting = true;
    void this.ended.then(({ code, signal }) => {
      if (waiting) {
        controller.abort(this.failure(`ended (${signal ?? `exit code ${String(code)}`}) before it ${what}`));
      }
    });
    return {
      signal: controller.signal,
      abort: (reason) => {
        controller.abort(reason);
      },
      done: () => {
        waiting = false;
      },
    };
  }

  private failure(what: string): ExportError {
    const { logFile } = this;
    const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    const message = `${this.name} ${what}; the end of ${logFile}:\n${tail}`;
    return new ExportError('ServerNotStarted', { message, details: { logFile } });
  }
}
