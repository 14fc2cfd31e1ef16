import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { makeCacheEntry } from './cache-entry.mjs';
import { SetupError } from './interruption.mjs';
import { PINNED } from './pinned-programs.mjs';
import { findOnPath, run, tailOf } from './program.mjs';

/** The programs in the images are for Linux, and static: they run outside of their image, too. */
export async function dockerAnswers() {
  return (
    process.platform === 'linux' &&
    findOnPath('docker') !== null &&
    (await run('docker', ['version'])).code === 0
  );
}

/** Takes a program out of its image. */
export async function copyFromImage(name, path) {
  const { image, imagePath } = PINNED[name];
  await makeCacheEntry(path, `taking ${name} out of the image ${image}`, async (folder) => {
    const target = join(folder, name);
    const container = (await docker('create', image)).trim().split('\n').at(-1);
    try {
      await docker('cp', `${container}:${imagePath}`, target);
    } finally {
      await docker('rm', container);
    }
    chmodSync(target, 0o755);
    return target;
  });
}

async function docker(...args) {
  const { code, output } = await run('docker', args);
  if (code !== 0) {
    throw new SetupError(`docker ${args.join(' ')} failed with code ${code}:\n${tailOf(output)}`);
  }
  return output;
}
