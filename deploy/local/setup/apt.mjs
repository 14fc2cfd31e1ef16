import { existsSync, readFileSync } from 'node:fs';
import { SetupError } from './interruption.mjs';
import { findOnPath, run, tailOf } from './program.mjs';

/** Debian or its kin, as root: nobody else's machine is changed. */
export function canUseApt() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return (
    /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) &&
    process.getuid?.() === 0 &&
    findOnPath('apt-get') !== null
  );
}

export async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const steps = [
    ['update'],
    ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages],
  ];
  for (const step of steps) {
    const { code, output } = await run('apt-get', step, { env });
    if (code !== 0) {
      throw new SetupError(
        `apt-get ${step[0]} failed with code ${code}; install ${packages.join(', ')} by hand:\n${tailOf(output)}`,
      );
    }
  }
}

/** Debian's packages start the servers they bring, on ports that nobody here has asked for. */
export async function stopService(name) {
  const ways = [
    { asks: ['systemctl', 'is-active', '--quiet', name], stops: ['systemctl', 'disable', '--now', name] },
    { asks: ['service', name, 'status'], stops: ['service', name, 'stop'] },
  ];
  for (const { asks, stops } of ways) {
    if (await succeeds(asks)) {
      await run(stops[0], stops.slice(1));
    }
  }
}

async function succeeds([command, ...args]) {
  return findOnPath(command) !== null && (await run(command, args)).code === 0;
}
