import { BufferCount } from './counted-buffers';
import { runOnce } from './fuzz';
import { loadTargets } from './load-targets';
import { ProgressWriter } from './progress';
import type { ReadingWork } from './watch';

/**
 * The process that reads, beside the one that watches: some runs of each target in turn, until time is up, or its one run
 * is done, or something is found. Says what it has found, or that it has come to its end.
 */
const RUNS_AT_ONCE = 64;

function readUntilFound(work: ReadingWork): string | undefined {
  const targets = loadTargets(work.targets, work.target);
  const progress = new ProgressWriter(work.progressPath, targets.length);
  const count = new BufferCount();
  const first = work.run ?? 0;
  const runs = work.run === undefined ? RUNS_AT_ONCE : 1;
  try {
    for (let run = first; Date.now() < work.endMs; run += runs) {
      for (const [number, target] of targets.entries()) {
        for (let at = run; at < run + runs; at++) {
          progress.begin(number, at);
          progress.end(number, runOnce(target, work.seed, at, count));
        }
      }
      if (work.run !== undefined) {
        break;
      }
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? String(error.stack) : String(error);
  } finally {
    progress.close();
  }
}

const work = JSON.parse(process.argv[2] ?? '{}') as ReadingWork; // what `watch` has handed over
process.send?.({ problem: readUntilFound(work) });
process.disconnect();
