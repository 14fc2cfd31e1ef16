import { basename, join } from 'node:path';
import { makeCacheEntry } from './cache-entry.mjs';
import { SetupError } from './interruption.mjs';
import { PINNED } from './pinned-programs.mjs';
import { run, tailOf } from './program.mjs';

/** Builds a pinned program from source. Go's own settings (GOPROXY, GOFLAGS, GOTOOLCHAIN, ...) pass through. */
export async function goInstall(name, path) {
  const { source, version, duration } = PINNED[name];
  await makeCacheEntry(
    path,
    `building ${name} ${version} (once per machine, about ${duration})`,
    async (folder) => {
      const env = { CGO_ENABLED: '0', ...process.env, GOBIN: folder };
      const { code, output } = await run('go', ['install', `${source}@${version}`], { env });
      if (code !== 0) {
        throw new SetupError(`go install ${source}@${version} failed with code ${code}:\n${tailOf(output)}`);
      }
      return join(folder, programOf(source));
    },
  );
}

/** `go install` names the program after the last element of its path that is not a major version. */
function programOf(source) {
  return basename(source.replace(/\/v\d+$/, ''));
}
