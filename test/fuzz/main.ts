import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bytesOfRun, OUTCOMES } from './fuzz';
import { loadTargets } from './load-targets';
import type { FuzzTarget } from './targets';
import { watch, type Finding, type Watched } from './watch';

/**
 * `npm run fuzz [-- --seconds N --seed S]`: reads changed bytes for so long. Ends with 1 and leaves the bytes of the
 * first finding in a folder that it names, with the command that reads them again.
 */
const HANG_SECONDS = 10;
/** Inputs are of half a megabyte at most; 2,560 runs of each target did with 24. Columns of samples are no part of it. */
const HEAP_MIB = 48;
const MIB = 1024 * 1024;

const USAGE =
  'usage: npm run fuzz -- [--seconds N] [--seed S] [--target NAME [--run N]] [--hang SECONDS] [--targets MODULE]';

interface Settings {
  readonly seconds: number;
  readonly seed: number;
  readonly hangSeconds: number;
  readonly run?: number;
  readonly target?: string;
  /** Path of a module as it was given; ours when none was. */
  readonly module?: string;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function readSettings(args: readonly string[]): Settings | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: text, seed: text, target: text, run: text, hang: text, targets: text },
  });
  const settings = {
    seconds: Number(values.seconds ?? 60),
    seed: Number(values.seed ?? Date.now() % 1_000_000),
    hangSeconds: Number(values.hang ?? HANG_SECONDS),
    ...(values.run === undefined ? {} : { run: Number(values.run) }),
    ...(values.target === undefined ? {} : { target: values.target }),
    ...(values.targets === undefined ? {} : { module: values.targets }),
  };
  const areWhole = [settings.seed, settings.run ?? 0].every(Number.isSafeInteger);
  return areWhole && settings.seconds > 0 && settings.hangSeconds > 0 ? settings : undefined;
}

async function main(args: readonly string[]): Promise<number> {
  const settings = readSettings(args);
  if (settings === undefined) {
    say(USAGE);
    return 2;
  }
  const { module, seed, seconds, hangSeconds, ...only } = settings;
  const path = module === undefined ? require.resolve('./targets') : resolve(module);
  const targets = loadTargets(path, only.target);
  if (targets.length === 0) {
    say(`there is no target ${String(only.target)}`);
    return 2;
  }
  say(`seed ${seed}, ${seconds} s, ${targets.length} targets`);
  const watched = await watch({
    ...{ ...only, targets: path, seed, endMs: Date.now() + seconds * 1000 },
    ...{ hangMs: hangSeconds * 1000, heapMib: HEAP_MIB },
  });
  sayTallies(targets, watched);
  const found = targets[watched.finding?.target ?? 0];
  if (watched.finding === undefined || found === undefined) {
    say('nothing found');
    return 0;
  }
  keep(found, watched.finding, settings);
  return 1;
}

/** Runs that get beyond the walk from box to box, or beyond a record's frame, are those that try a parser. */
function sayTallies(targets: readonly FuzzTarget[], { tallies }: Watched): void {
  targets.forEach(({ name }, i) => {
    const { outcomes = [], reasons = 0, mostBufferBytes = 0 } = tallies[i] ?? {};
    const [runs, early] = [outcomes.reduce((sum, count) => sum + count, 0), outcomes.at(-1) ?? 0];
    const counts = OUTCOMES.map((outcome, at) => `${outcomes[at] ?? 0} ${outcome}`).join(', ');
    const share = Math.round((100 * (runs - early)) / Math.max(1, runs));
    say(
      `${name.padEnd(14)} ${runs} runs: ${counts}; ${share} % beyond the frame, ${reasons} different refusals there, ` +
        `at most ${(mostBufferBytes / MIB).toFixed(1)} MiB of buffers`,
    );
  });
}

function keep(found: FuzzTarget, { run, problem }: Finding, { seed, module }: Settings): void {
  const path = join(mkdtempSync(join(tmpdir(), 'clipmesh-fuzz-')), `${found.name.replaceAll(' ', '-')}.bin`);
  writeFileSync(path, bytesOfRun(found, seed, run).bytes);
  const targets = module === undefined ? '' : ` --targets '${module}'`;
  say(`found in ${found.name}, seed ${seed}, run ${run}: ${problem}\nbytes: ${path}`);
  say(`again: npm run fuzz -- --target '${found.name}' --seed ${seed} --run ${run}${targets}`);
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
