import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Interrupted, onSignal, throwIfInterrupted } from './interruption.mjs';

const SHOWN_LINES = 25;

/** The full path of a program, as a shell would find it, or null. */
export function findOnPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder === '' ? '.' : folder, name);
    if (isExecutable(path)) {
      return path;
    }
  }
  return null;
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // absent, or not ours to run: either way it is not a program
  }
}

/** What a short program prints, or null when it cannot be run or fails. */
export function outputOf(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 10_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : null;
}

/**
 * Runs a program quietly and gives back its exit code and its output, both streams in the order of arrival.
 * It has a process group of its own, so that a signal reaches the compilers that `go` starts, and on Linux it is
 * killed by the kernel when this process dies without a word: two `npm ci` in one folder would ruin it.
 */
export async function run(command, args, options = {}) {
  throwIfInterrupted();
  const [file, ...rest] = dieWithParent([command, ...args]);
  const child = spawn(file, rest, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  let interruptedBy = null;
  const forget = onSignal((signal) => {
    interruptedBy = signal;
    killGroup(child.pid, 'SIGTERM');
  });
  try {
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve(status ?? -1));
    });
    if (interruptedBy !== null) {
      throw new Interrupted(interruptedBy);
    }
    return { code, output: Buffer.concat(chunks).toString('utf8') };
  } finally {
    forget();
  }
}

/** The beginning of a program's output: npm gives the reason first, and then its whole usage. */
export function headOf(output) {
  return output.trim().split('\n').slice(0, SHOWN_LINES).join('\n');
}

/** The end of a program's output, where the reason of a failure stands. */
export function tailOf(output) {
  return output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}

function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // it has ended by itself meanwhile
  }
}

let parentDeathSignal;

function dieWithParent(commandLine) {
  parentDeathSignal ??=
    process.platform === 'linux' && outputOf('setpriv', ['--pdeathsig', 'KILL', 'true']) !== null;
  return parentDeathSignal ? ['setpriv', '--pdeathsig', 'KILL', ...commandLine] : commandLine;
}
