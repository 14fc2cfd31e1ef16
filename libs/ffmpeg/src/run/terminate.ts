import type { ChildProcess } from 'node:child_process';

/** ffmpeg finishes its file on SIGTERM, which nobody will read: it gets this long. */
const KILL_AFTER_MS = 1_000;

/** Ends the process and all it started as soon as one of the signals aborts; `done` when it has ended by itself. */
export function terminate(
  child: ChildProcess,
  signals: readonly (AbortSignal | undefined)[],
): { done: () => void } {
  const any = AbortSignal.any(signals.filter((signal) => signal !== undefined));
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    sendToGroup(child, 'SIGTERM');
    timer = setTimeout(() => {
      sendToGroup(child, 'SIGKILL');
    }, KILL_AFTER_MS);
  };
  if (any.aborted) {
    end();
  } else {
    any.addEventListener('abort', end, { once: true });
  }
  return {
    done: () => {
      any.removeEventListener('abort', end);
      clearTimeout(timer);
    },
  };
}

function sendToGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // It ended between our look and our signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
