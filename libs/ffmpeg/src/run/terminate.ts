import type { ChildProcess } from 'node:child_process';

/** Long enough to end by itself; ffmpeg would go on to finish a file that nobody will read. */
const KILL_AFTER_MS = 250;

/** Ends the process and all it started when the signal aborts: SIGTERM, and SIGKILL when it has not ended then. */
export function terminateOn(signal: AbortSignal, child: ChildProcess): void {
  const end = (): void => {
    sendToGroup(child, 'SIGTERM');
    const timer = setTimeout(() => {
      sendToGroup(child, 'SIGKILL');
    }, KILL_AFTER_MS);
    child.once('exit', () => {
      clearTimeout(timer);
    });
  };
  signal.addEventListener('abort', end, { once: true });
  child.once('exit', () => {
    signal.removeEventListener('abort', end);
  });
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
