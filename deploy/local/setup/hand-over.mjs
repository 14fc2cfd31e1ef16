import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { onSignal } from './interruption.mjs';

/**
 * Runs the command in place of the set-up: its input and output are ours, signals go on to it, and its end is ours.
 * The channel tells it when we are gone without a word (it hears `disconnect`).
 */
export async function handOver(args, { env, stdout = 'inherit' }) {
  const child = spawn(process.execPath, args, { env, stdio: ['inherit', stdout, 'inherit', 'ipc'] });
  const forget = onSignal((signal) => child.kill(signal));
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    });
  } finally {
    forget();
  }
}
