import { join } from 'node:path';
import { ROOT } from './places.mjs';

const MESH = join(ROOT, 'dist/deploy/local/mesh/main.js');
const CHECK = join(ROOT, 'deploy/local/setup/check.mjs');

/** What may follow the set-up: the program of each command, its first arguments, and settings of its own. */
export const COMMANDS = {
  start: { program: [MESH, 'start'] },
  demo: { program: [MESH, 'demo'] },
  bench: { program: [join(ROOT, 'dist/test/bench/main.js')] },
  fuzz: { program: [join(ROOT, 'dist/test/fuzz/main.js')] },
  test: { program: [CHECK] },
  'test:full': { program: [CHECK], env: { CLIPMESH_TEST_FULL: '1' } },
};
