import { pause } from '@clipmesh/bus';
import { toExportError } from '@clipmesh/errors';
import type { WorkLog } from '../work/work-log';

export interface PeriodicOptions {
  /** Stands in the log when a run fails. */
  readonly name: string;
  /** From the end of one run to the start of the next. */
  readonly everyMs: number;
  readonly log: WorkLog;
  /** The signal aborts when the loop is stopped. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** Does something again and again, never twice at a time. A run that fails is logged, and the next one comes as ever. */
export class Periodic {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: PeriodicOptions) {}

  /** The first run begins at once. */
  start(): void {
    this.running ??= this.repeat();
  }

  /** Resolves when the run that is under way has ended; bears a loop that was never started. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error(`${this.options.name} was stopped`));
    await this.running;
  }

  private async repeat(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.runOnce(signal);
      await pause(this.options.everyMs, signal).catch(() => undefined);
    }
  }

  private async runOnce(signal: AbortSignal): Promise<void> {
    const { name, log, run } = this.options;
    try {
      await run(signal);
    } catch (thrown) {
      // What it throws because it was told to stop has not failed.
      if (!signal.aborted) {
        const error = toExportError(thrown);
        log.error({ loop: name, code: error.code, err: error }, 'a run of a loop failed');
      }
    }
  }
}
