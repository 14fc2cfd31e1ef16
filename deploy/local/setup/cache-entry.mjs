import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { isExecutable } from './program.mjs';
import { withProgress } from './progress.mjs';

/**
 * Puts a program into the cache, whole or not at all: `make` gets a folder and gives back the path of the program that
 * it made there, which is then renamed into place. What an interrupted set-up left behind is removed first; the lock
 * makes it certain that nobody still works in it.
 */
export async function makeCacheEntry(path, label, make) {
  const folder = dirname(path);
  await withLock(`${path}.lock`, basename(path), async () => {
    if (isExecutable(path)) {
      return;
    }
    const prefix = `.${basename(path)}.`;
    for (const left of readdirSync(folder).filter((name) => name.startsWith(prefix))) {
      rmSync(join(folder, left), { recursive: true, force: true });
    }
    const scratch = mkdtempSync(join(folder, prefix));
    try {
      await withProgress(label, async () => renameSync(await make(scratch), path));
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}
