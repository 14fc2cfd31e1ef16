import { type ChildProcess, spawnSync } from 'node:child_process';

// Nothing that we start may outlive us. Three nets: whoever starts a program stops it; what is left at our exit is killed
// here; and on Linux the kernel kills it when we are killed ourselves.

const running = new Set<ChildProcess>();

/** Kills the child, and what it has started, at the exit of this process at the latest. */
export function killAtExit(child: ChildProcess): void {
  if (running.size === 0) {
    process.once('exit', killAll);
  }
  running.add(child);
  child.once('exit', () => {
    running.delete(child);
    if (running.size === 0) {
      process.removeListener('exit', killAll);
    }
  });
}

function killAll(): void {
  for (const child of running) {
    killGroup(child);
  }
}

/** Kills the process group that a detached child leads; none of it may be left. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // nobody of the group is left
  }
}

let parentDeathSignal: boolean | undefined;

/**
 * The command line, with `setpriv` (util-linux) before it where there is one: it asks the kernel to kill the program
 * when this process dies (prctl(2), PR_SET_PDEATHSIG), and then becomes the program. Elsewhere, as on macOS, a program
 * outlives us if we are killed with SIGKILL, and only then.
 */
export function dieWithUs(command: readonly string[]): readonly string[] {
  parentDeathSignal ??=
    process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
  return parentDeathSignal ? ['setpriv', '--pdeathsig', 'KILL', ...command] : command;
}
