import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { aptInstall, canUseApt, stopService } from './apt.mjs';
import { SetupError } from './interruption.mjs';
import { withLock } from './lock.mjs';
import { CACHE } from './places.mjs';
import { findOnPath, isExecutable } from './program.mjs';
import { withProgress } from './progress.mjs';

/**
 * What the operating system's packages bring. `names` are what the program may be called; a `variable` names a binary of
 * the caller's own; `service` is what the package starts by itself.
 */
const PROGRAMS = {
  ffmpeg: { names: ['ffmpeg'], apt: 'ffmpeg', brew: 'ffmpeg' },
  ffprobe: { names: ['ffprobe'], apt: 'ffmpeg', brew: 'ffmpeg' },
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    variable: 'CLIPMESH_CHROMIUM',
    apt: 'chromium',
    brew: '--cask chromium',
  },
  nginx: {
    names: ['nginx'],
    variable: 'CLIPMESH_NGINX',
    apt: 'nginx',
    brew: 'nginx',
    service: 'nginx',
    suits: hasMp4Module,
  },
};

export const MEDIA_TOOLS = ['ffmpeg', 'ffprobe'];
/** A browser that plays what we write, and a server to be measured beside. */
export const TEST_JUDGES = ['chromium', 'nginx'];

/**
 * Makes sure of the programs: the caller's own, from PATH, or on Debian and its kin by one apt-get when we are root.
 * Gives back those with a variable as environment variables.
 */
export async function providePackagedPrograms(names) {
  if (missingOf(names).length > 0) {
    await obtain(names);
  }
  const withVariable = names.filter((name) => PROGRAMS[name].variable !== undefined);
  return Object.fromEntries(withVariable.map((name) => [PROGRAMS[name].variable, locate(name)]));
}

async function obtain(names) {
  if (!canUseApt()) {
    throw notThere(missingOf(names));
  }
  await withLock(join(CACHE, 'locks', 'apt.lock'), 'apt-get', async () => {
    const missing = missingOf(names);
    const packages = [...new Set(missing.map((name) => PROGRAMS[name].apt))];
    const services = missing
      .filter((name) => find(name) === null)
      .flatMap((name) => PROGRAMS[name].service ?? []);
    if (packages.length > 0) {
      await withProgress(`installing ${packages.join(', ')} (apt-get)`, () => aptInstall(packages));
    }
    for (const service of services) {
      await stopService(service);
    }
  });
  if (missingOf(names).length > 0) {
    throw notThere(missingOf(names));
  }
}

function missingOf(names) {
  return names.filter((name) => locate(name) === null);
}

/** The program that is to be used, or null. */
function locate(name) {
  const { variable, suits = () => true } = PROGRAMS[name];
  const given = variable === undefined ? undefined : process.env[variable];
  if (given !== undefined && given !== '') {
    if (!isExecutable(given) || !suits(given)) {
      throw new SetupError(`${variable} is ${given}, which cannot be used as ${name}`);
    }
    return given;
  }
  const found = find(name);
  return found !== null && suits(found) ? found : null;
}

function find(name) {
  for (const candidate of PROGRAMS[name].names) {
    const found = findOnPath(candidate);
    if (found !== null) {
      return found;
    }
  }
  return null;
}

/** `nginx -V` tells on standard error what it was built with. */
function hasMp4Module(path) {
  return (
    spawnSync(path, ['-V'], { encoding: 'utf8', timeout: 10_000 }).stderr?.includes('http_mp4_module') ===
    true
  );
}

function notThere(missing) {
  const [first] = missing;
  const install = (manager) => [...new Set(missing.map((name) => PROGRAMS[name][manager]))].join(' ');
  const variable = PROGRAMS[first].variable;
  const own = variable === undefined ? '' : `, or set ${variable} to a binary`;
  const what = first === 'nginx' ? 'nginx with its mp4 module' : first;
  return new SetupError(
    `${what} is not on PATH: install ${PROGRAMS[first].apt} (Debian, Ubuntu: apt-get install ${install('apt')}; macOS: brew install ${install('brew')})${own} and try again`,
  );
}
