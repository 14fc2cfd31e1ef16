import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the clone, whether this file runs from `deploy/local/mesh` or compiled from `dist`. */
export const REPOSITORY = findRoot(__dirname);

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package-lock.json')) ? folder : findRoot(dirname(folder));
}
