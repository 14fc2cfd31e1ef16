import type { Benchmark } from './benchmark';
import { clipLatency } from './clip-latency.bench';
import { encode } from './encode.bench';
import { fairness } from './fairness.bench';
import { firstByte } from './first-byte.bench';
import { ingest } from './ingest.bench';
import { lookup } from './lookup.bench';
import { passThrough } from './pass-through.bench';
import { plan } from './plan.bench';
import { printTable } from './report';
import { smallSegments } from './small-segments.bench';
import { smartEdges } from './smart-edges.bench';
import { waitingJobs } from './waiting-jobs.bench';

const BENCHMARKS: readonly Benchmark[] = [
  clipLatency,
  passThrough,
  smallSegments,
  firstByte,
  lookup,
  plan,
  ingest,
  encode,
  fairness,
  smartEdges,
  waitingJobs,
];

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(args: readonly string[]): Promise<number> {
  const name = args.find((arg) => !arg.startsWith('--'));
  if (name === undefined) {
    const width = Math.max(...BENCHMARKS.map((bench) => bench.name.length));
    process.stdout.write(BENCHMARKS.map((bench) => `${bench.name.padEnd(width)}  ${bench.about}\n`).join(''));
    return 0;
  }
  const bench = BENCHMARKS.find((candidate) => candidate.name === name);
  if (bench === undefined) {
    say(`no benchmark is called ${name}; \`npm run bench\` lists them`);
    return 2;
  }
  const report = await bench.measure(say);
  const text = args.includes('--json') ? JSON.stringify(report) : printTable(report);
  process.stdout.write(`${text}\n`);
  return 0;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
