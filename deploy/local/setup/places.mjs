import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone that is set up. CLIPMESH_ROOT is for the tests of set-up itself. */
export const ROOT =
  process.env.CLIPMESH_ROOT ?? fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** What is built once per machine and user. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'clipmesh');

/** Locks lie outside the clone, because `npm ci` empties node_modules and a build replaces dist. */
export function lockOfClone(what) {
  const clone = createHash('sha256').update(ROOT).digest('hex').slice(0, 16);
  return join(CACHE, 'locks', `${what}-${clone}.lock`);
}
