import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { SetupError } from './interruption.mjs';
import { withLock } from './lock.mjs';
import { lockOfClone, ROOT } from './places.mjs';
import { run, tailOf } from './program.mjs';
import { withProgress } from './progress.mjs';

const SOURCES = ['apps', 'libs', 'deploy/local/mesh', 'test'];
const SETTINGS = ['.swcrc', 'package-lock.json'];
const DIST = join(ROOT, 'dist');
const STAMP = '.sources';

/** Compiles apps, libs and the local mesh into dist, when a source is not the one that dist was made from. */
export async function build() {
  if (distIsFresh(stampOfSources())) {
    return;
  }
  await withLock(lockOfClone('build'), 'the build', async () => {
    const stamp = stampOfSources();
    if (!distIsFresh(stamp)) {
      await withProgress('compiling', () => compile(stamp));
    }
  });
}

/** Into a folder beside dist that then takes its place, so that nobody ever starts a service from half a build. */
async function compile(stamp) {
  removeLeftovers();
  const fresh = mkdtempSync(join(ROOT, 'dist.new-'));
  const old = join(ROOT, 'dist.old-0');
  try {
    const swc = join(ROOT, 'node_modules/@swc/cli/bin/swc.js');
    const options = ['-d', fresh, '--config-file', '.swcrc', '--ignore', '**/*.spec.ts', '--quiet'];
    const sources = SOURCES.filter((folder) => existsSync(join(ROOT, folder)));
    const { code, output } = await run(process.execPath, [swc, ...sources, ...options], { cwd: ROOT });
    if (code !== 0) {
      throw new SetupError(`the build failed with code ${code}:\n${tailOf(output)}`);
    }
    writeFileSync(join(fresh, STAMP), stamp);
    if (existsSync(DIST)) {
      renameSync(DIST, old);
    }
    renameSync(fresh, DIST);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

function removeLeftovers() {
  for (const name of readdirSync(ROOT).filter((entry) => /^dist\.(new|old)-/.test(entry))) {
    rmSync(join(ROOT, name), { recursive: true, force: true });
  }
}

function distIsFresh(stamp) {
  const path = join(DIST, STAMP);
  return existsSync(path) && readFileSync(path, 'utf8') === stamp;
}

/** Names, sizes and times of all sources: cheap to take (no file is read), and another checkout changes it. */
function stampOfSources() {
  const hash = createHash('sha256');
  for (const path of [
    ...SETTINGS.map((name) => join(ROOT, name)),
    ...SOURCES.flatMap((folder) => filesUnder(join(ROOT, folder))),
  ]) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(ROOT, path)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesUnder(folder) {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : path.endsWith('.ts') ? [path] : [];
    });
}
