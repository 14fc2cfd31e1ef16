import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './interruption.mjs';
import { withLock } from './lock.mjs';
import { CACHE } from './places.mjs';
import { findOnPath, run, tailOf } from './program.mjs';
import { withProgress } from './progress.mjs';

/** ffmpeg and ffprobe on PATH; on Debian and its kin apt brings them when we are root. */
export async function provideFfmpeg() {
  if (missing() === null) {
    return;
  }
  if (!canUseApt()) {
    throw new SetupError(
      `${missing()} is not on PATH: install ffmpeg (Debian, Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg) and try again`,
    );
  }
  await withLock(join(CACHE, 'locks', 'apt.lock'), 'apt-get', async () => {
    if (missing() !== null) {
      await withProgress('installing ffmpeg (apt-get)', aptInstall);
    }
  });
}

function missing() {
  return ['ffmpeg', 'ffprobe'].find((name) => findOnPath(name) === null) ?? null;
}

function canUseApt() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return (
    /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) &&
    process.getuid?.() === 0 &&
    findOnPath('apt-get') !== null
  );
}

async function aptInstall() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const steps = [
    ['update'],
    ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', 'ffmpeg'],
  ];
  for (const step of steps) {
    const { code, output } = await run('apt-get', step, { env });
    if (code !== 0) {
      throw new SetupError(
        `apt-get ${step[0]} failed with code ${code}; install ffmpeg by hand:\n${tailOf(output)}`,
      );
    }
  }
}
