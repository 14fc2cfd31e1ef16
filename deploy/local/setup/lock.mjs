import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfInterrupted } from './interruption.mjs';
import { say } from './progress.mjs';

const POLL_MS = 100;
/** A lock file without content is one whose writer is between creating and writing it, for so long at most. */
const UNWRITTEN_MS = 10_000;

/**
 * Does something that two set-ups on this machine must not do at once. The lock is a file that names its holder; a
 * holder that died without removing it does not block anybody.
 */
export async function withLock(path, what, action) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${process.pid} ${startTimeOf(process.pid)} ${randomUUID()}`;
  let told = false;
  while (!tryTake(path, mine)) {
    throwIfInterrupted();
    const holder = readLock(path);
    if (holder !== null && !isHeld(path, holder)) {
      removeStale(path, holder);
      continue;
    }
    if (!told) {
      say(`another set-up is busy with ${what}; waiting for it`);
      told = true;
    }
    await sleep(POLL_MS);
  }
  try {
    return await action();
  } finally {
    if (readLock(path) === mine) {
      rmSync(path, { force: true });
    }
  }
}

function tryTake(path, mine) {
  try {
    writeFileSync(path, mine, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

function readLock(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

function isHeld(path, holder) {
  const [pid, startTime] = holder.split(' ');
  if (startTime === undefined) {
    return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < UNWRITTEN_MS;
  }
  return isAlive(Number(pid)) && startTimeOf(pid) === startTime;
}

/**
 * Renaming lets one of several waiters win. Should it have caught a lock that somebody took just now instead of the
 * dead one, it puts it back.
 */
function removeStale(path, holder) {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== holder) {
      linkSync(aside, path);
    }
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') {
      throw error;
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM'; // somebody else's, but alive
  }
}

/**
 * Tells a process from a later one with the same number (proc(5): field 22 of stat, ticks since boot). `dead` for a
 * zombie, which still answers to signals; `-` where there is no /proc.
 */
function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'dead' : fields[19];
  } catch {
    return '-';
  }
}
