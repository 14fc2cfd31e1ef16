import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ExportError } from '@clipmesh/errors';
import { REPOSITORY } from './repository';

/** The servers, and for tests their command-line clients. */
export type ProgramName = 'nats-server' | 'minio' | 'nats' | 'mc';

interface PinnedProgram {
  readonly variable: string;
  readonly version: string;
}

/** The path of a program: what the set-up names in the environment, else from its cache, else from PATH. */
export function programPath(name: ProgramName): string {
  const { variable, version } = pinnedPrograms()[name];
  const given = process.env[variable];
  if (given !== undefined && given !== '') {
    return given;
  }
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const candidates = [
    join(cache, 'clipmesh', 'bin', `${name}@${version}`),
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)),
  ];
  const found = candidates.find(isExecutable);
  if (found === undefined) {
    throw new ExportError('ServerNotStarted', {
      message: `there is no ${name}, neither in ${variable}, nor in the cache, nor on PATH`,
      hint: 'Run `npm run setup` (or `npm test`, which also provides nats and mc).',
    });
  }
  return found;
}

function pinnedPrograms(): Record<ProgramName, PinnedProgram> {
  const path = join(REPOSITORY, 'deploy/local/pinned-programs.json');
  // Ours, and read by set-up before us.
  return JSON.parse(readFileSync(path, 'utf8')) as Record<ProgramName, PinnedProgram>;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
