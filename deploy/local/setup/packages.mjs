import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './interruption.mjs';
import { withLock } from './lock.mjs';
import { lockOfClone, ROOT } from './places.mjs';
import { headOf, run } from './program.mjs';
import { withProgress } from './progress.mjs';

/** `npm ci`, when node_modules is not what the lock file says. */
export async function installPackages() {
  if (packagesMatchLock()) {
    return;
  }
  await withLock(lockOfClone('packages'), 'npm ci', async () => {
    if (!packagesMatchLock()) {
      await withProgress('installing packages (npm ci)', npmCi);
    }
  });
}

async function npmCi() {
  // npm names its own script when it started us; that is the npm to use, whatever else PATH has.
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const { code, output } = await run(command, [...args, 'ci', '--no-progress', '--loglevel=error'], {
    cwd: ROOT,
  });
  if (code !== 0) {
    throw new SetupError(`npm ci failed with code ${code}:\n${headOf(output)}`);
  }
}

/**
 * npm writes node_modules/.package-lock.json as the last step of an installation, so an interrupted one never matches.
 * Packages for other platforms are optional in the lock file and not installed.
 */
function packagesMatchLock() {
  const installedPath = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedPath)) {
    return false;
  }
  const installed = readPackages(installedPath);
  const locked = readPackages(join(ROOT, 'package-lock.json'));
  const same = ([path, entry]) =>
    installed[path] === undefined ? entry.optional === true : installed[path].version === entry.version;
  return (
    Object.entries(locked).every((pair) => pair[0] === '' || same(pair)) &&
    Object.keys(installed).every((path) => locked[path] !== undefined)
  );
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
}
