import { join } from 'node:path';
import { copyFromImage, dockerAnswers } from './docker-image.mjs';
import { goInstall } from './go-install.mjs';
import { SetupError } from './interruption.mjs';
import { PINNED } from './pinned-programs.mjs';
import { CACHE } from './places.mjs';
import { findOnPath, isExecutable } from './program.mjs';
import { isNewEnough, parseVersion, versionOf } from './version.mjs';

/**
 * The programs as environment variables, each with the path of a binary: the caller's own, from PATH when new enough,
 * from the cache, built from source, out of a Docker image, in this order.
 */
export async function provideServers(names) {
  const resolved = {};
  for (const name of names) {
    resolved[PINNED[name].variable] = ready(name) ?? (await obtain(name));
  }
  return resolved;
}

function ready(name) {
  const { variable, version } = PINNED[name];
  const given = process.env[variable];
  if (given !== undefined && given !== '') {
    if (!isExecutable(given)) {
      throw new SetupError(`${variable} is ${given}, which is not a program that can be run`);
    }
    return given;
  }
  const onPath = findOnPath(name);
  if (onPath !== null && isNewEnough(versionOf(onPath), parseVersion(version))) {
    return onPath;
  }
  return [cachedPath(name), imagePath(name)].find(isExecutable) ?? null;
}

async function obtain(name) {
  const ways = [];
  if (findOnPath('go') !== null) {
    ways.push({ path: cachedPath(name), make: goInstall });
  }
  if (await dockerAnswers()) {
    ways.push({ path: imagePath(name), make: copyFromImage });
  }
  const failures = [];
  for (const { path, make } of ways) {
    try {
      await make(name, path);
      return path;
    } catch (error) {
      if (!(error instanceof SetupError)) {
        throw error;
      }
      failures.push(error.message); // the next way may do; all reasons are told when none does
    }
  }
  const { variable, version } = PINNED[name];
  const remedy = `install Go (https://go.dev/dl) or start Docker, or set ${variable} to a binary`;
  throw new SetupError([`no ${name} ${version}: ${remedy}`, ...failures].join('\n'));
}

function cachedPath(name) {
  return join(CACHE, 'bin', `${name}@${PINNED[name].version}`);
}

/** Under a name of its own, because an image may hold another version than the pinned one. */
function imagePath(name) {
  return join(CACHE, 'bin', `${name}@${PINNED[name].image.split(':')[1]}-image`);
}
