// `npm test`: every check of the house, one after another, up to the first that fails.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { handOver } from './hand-over.mjs';
import { Interrupted, SetupError } from './interruption.mjs';
import { ROOT } from './places.mjs';
import { run } from './program.mjs';

const STATIC_CHECKS = [
  { name: 'format', program: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'lint', program: 'eslint/bin/eslint.js', args: ['--max-warnings', '0', '.'] },
  {
    name: 'imports',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['apps', 'libs', 'deploy', 'test'],
  },
  { name: 'unused', program: 'knip/bin/knip.js', args: ['--exclude', 'types', '--no-progress'] },
  { name: 'types', program: 'typescript/bin/tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
];

async function main(jestArgs) {
  for (const check of STATIC_CHECKS) {
    await staticCheck(check);
  }
  return jest(jestArgs);
}

async function staticCheck({ name, program, args }) {
  const startedAt = Date.now();
  const { code, output } = await run(process.execPath, [programPath(program), ...args], { cwd: ROOT });
  const outcome = code === 0 ? 'passed' : 'failed';
  process.stdout.write(`${name}: ${outcome} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)\n`);
  if (code !== 0) {
    throw new SetupError(output);
  }
}

/** jest shows its own progress and totals on standard error; the last line says the same for a machine. */
async function jest(args) {
  const folder = mkdtempSync(join(tmpdir(), 'clipmesh-jest-'));
  try {
    const report = join(folder, 'report.json');
    // --json would also put the report on standard output.
    // A failed test may leave a server or a browser open: that must not keep the failure from being told.
    const command = [
      programPath('jest/bin/jest.js'),
      '--json',
      '--outputFile',
      report,
      '--forceExit',
      ...args,
    ];
    const code = await handOver(command, { env: process.env, stdout: 'ignore' });
    if (existsSync(report)) {
      const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
        readFileSync(report, 'utf8'),
      );
      // A file that cannot be loaded counts no tests; it is a failure all the same.
      const failed = numFailedTests + numRuntimeErrorTestSuites;
      process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
    }
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function programPath(path) {
  return join(ROOT, 'node_modules', path);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof SetupError) {
    process.stdout.write(`${error.message.trimEnd()}\n`);
    process.exitCode = 1;
  } else if (error instanceof Interrupted) {
    process.exitCode = 128 + constants.signals[error.signal];
  } else {
    throw error;
  }
}
