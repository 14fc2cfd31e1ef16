import { setTimeout as sleep } from 'node:timers/promises';
import { toExportError } from '@clipmesh/errors';
import type { Program } from './program';

const RESTART_DELAY_MS = 1_000;

/** Starts a program again whenever it ends by itself, as an orchestrator would, until the signal is aborted. */
export async function keepRunning(
  program: Program,
  signal: AbortSignal,
  report: (line: string) => void,
): Promise<void> {
  const stopped = (): boolean => signal.aborted;
  for (;;) {
    const { code, signal: killedBy } = await program.exited;
    if (stopped()) {
      return;
    }
    report(
      `${program.name} ended (${killedBy ?? `exit code ${String(code)}`}); starting it again, see ${program.logFile}`,
    );
    try {
      await sleep(RESTART_DELAY_MS, undefined, { signal });
      await program.start(signal);
    } catch (error) {
      if (!stopped()) {
        report(toExportError(error).message); // and round again: a server that it needs may come back
      }
    }
  }
}
