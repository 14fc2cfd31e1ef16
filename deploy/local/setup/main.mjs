// All set-up of a fresh clone, then the command: `node main.mjs <run|test|build> [-- <command> [arguments...]]`.
// `run` provides what the mesh needs, `test` also what the tests need, `build` only compiles. Plain Node without
// dependencies, because it runs before `npm ci`; quick when there is nothing left to do (architecture.md §11).
import { constants } from 'node:os';
import { performance } from 'node:perf_hooks';
import { build } from './build.mjs';
import { COMMANDS } from './commands.mjs';
import { handOver } from './hand-over.mjs';
import { Interrupted, SetupError, throwIfInterrupted } from './interruption.mjs';
import { MEDIA_TOOLS, providePackagedPrograms, TEST_JUDGES } from './packaged-programs.mjs';
import { installPackages } from './packages.mjs';
import { SERVERS, TEST_CLIENTS } from './pinned-programs.mjs';
import { say } from './progress.mjs';
import { provideServers } from './servers.mjs';

const PROGRAMS = { run: SERVERS, test: [...SERVERS, ...TEST_CLIENTS] };
const PACKAGED = { run: MEDIA_TOOLS, test: [...MEDIA_TOOLS, ...TEST_JUDGES] };

async function main([kind, separator, name, ...args]) {
  const startedAt = performance.now();
  const command = COMMANDS[name];
  if (!['run', 'test', 'build'].includes(kind) || (separator !== undefined && command === undefined)) {
    throw new SetupError(
      `usage: main.mjs <run|test|build> [-- <${Object.keys(COMMANDS).join('|')}> [arguments...]]`,
    );
  }
  await installPackages();
  const programs = kind === 'build' ? {} : await providePrograms(kind);
  await build();
  throwIfInterrupted();
  if (process.env.CLIPMESH_SETUP_TIME === '1') {
    say(`set-up took ${Math.round(performance.now() - startedAt)} ms`);
  }
  if (command === undefined) {
    return 0;
  }
  return handOver([...command.program, ...args], { env: { ...process.env, ...programs, ...command.env } });
}

async function providePrograms(kind) {
  const packaged = await providePackagedPrograms(PACKAGED[kind]);
  return {
    ...packaged,
    ...(await provideServers(kind === 'run' && serversAreThere() ? [] : PROGRAMS[kind])),
  };
}

/** The mesh may run against servers that somebody else runs; tests always start their own. */
function serversAreThere() {
  return Boolean(process.env.CLIPMESH_NATS_URL && process.env.CLIPMESH_S3_ENDPOINT);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Interrupted) {
    process.exitCode = 128 + constants.signals[error.signal];
  } else if (error instanceof SetupError) {
    say(error.message);
    process.exitCode = 1;
  } else {
    throw error;
  }
}
