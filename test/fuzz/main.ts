import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { bytesOfRun, runOnce } from './fuzz';
import { makeTargets, type FuzzTarget } from './targets';

/**
 * `npm run fuzz [-- --seconds N --seed S]`: reads changed bytes for so long. Ends with 1 and leaves the bytes of the
 * first finding in a folder that it names. The reading is done in a thread, so that a run without an end is found too.
 */
const HANG_MS = 10_000;
const RUNS_AT_ONCE = 64;

/** What the reading thread tells of itself, without stopping for it. */
const [TARGET, RUN, RUNS] = [0, 1, 2];

interface Work {
  readonly seed: number;
  readonly endMs: number;
  readonly progress: Int32Array;
}

interface Finding {
  readonly target: number;
  readonly run: number;
  readonly problem: string;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function numberOf(args: readonly string[], name: string, otherwise: number): number {
  const at = args.indexOf(name);
  return at < 0 ? otherwise : Number(args[at + 1]);
}

async function main(args: readonly string[]): Promise<number> {
  const seconds = numberOf(args, '--seconds', 60);
  const seed = numberOf(args, '--seed', Date.now() % 1_000_000);
  if (!(seconds > 0) || !Number.isSafeInteger(seed)) {
    say('usage: npm run fuzz -- [--seconds N] [--seed S]');
    return 2;
  }
  const targets = makeTargets();
  say(`seed ${seed}, ${seconds} s, ${targets.length} targets`);
  const progress = new Int32Array(new SharedArrayBuffer(4 * (RUNS + targets.length)));
  const finding = await watch({ seed, endMs: Date.now() + seconds * 1000, progress });
  targets.forEach(({ name }, i) => {
    say(`${name.padEnd(14)} ${Atomics.load(progress, RUNS + i)} runs`);
  });
  const found = finding === undefined ? undefined : targets[finding.target];
  if (finding === undefined || found === undefined) {
    say('nothing found');
    return 0;
  }
  const path = join(mkdtempSync(join(tmpdir(), 'clipmesh-fuzz-')), `${found.name.replace(' ', '-')}.bin`);
  writeFileSync(path, bytesOfRun(found, seed, finding.run).bytes);
  say(`found in ${found.name}, seed ${seed}, run ${finding.run}: ${finding.problem}\nbytes: ${path}`);
  return 1;
}

/** Resolves with what the thread has found, or with where it hangs. */
async function watch(work: Work): Promise<Finding | undefined> {
  const worker = new Worker(__filename, { workerData: work });
  const { progress } = work;
  let last = -1;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', resolve).on('error', reject);
      timer = setInterval(() => {
        const run = Atomics.load(progress, RUN);
        if (run === last) {
          resolve({ target: Atomics.load(progress, TARGET), run, problem: `no end within ${HANG_MS} ms` });
        }
        last = run;
      }, HANG_MS);
    });
  } finally {
    clearInterval(timer);
    await worker.terminate();
  }
}

/** In the thread: some runs of each target in turn, until time is up or something is found. */
function readUntilFound(
  { seed, endMs, progress }: Work,
  targets: readonly FuzzTarget[],
): Finding | undefined {
  for (let run = 0; Date.now() < endMs; run += RUNS_AT_ONCE) {
    for (const [i, target] of targets.entries()) {
      Atomics.store(progress, TARGET, i);
      for (let at = run; at < run + RUNS_AT_ONCE; at++) {
        Atomics.store(progress, RUN, at);
        try {
          runOnce(target, seed, at);
        } catch (error) {
          return {
            target: i,
            run: at,
            problem: error instanceof Error ? String(error.stack) : String(error),
          };
        }
        Atomics.add(progress, RUNS + i, 1);
      }
    }
  }
  return undefined;
}

if (isMainThread) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
} else {
  parentPort?.postMessage(readUntilFound(workerData as Work, makeTargets())); // what `watch` has handed over
}
