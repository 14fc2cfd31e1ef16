import { fork } from 'node:child_process';
import { once } from 'node:events';
import { HOUR_MS } from '@clipmesh/archive';
import { BUCKETS } from '@clipmesh/contracts';
import { NODE_FLAGS } from '@clipmesh/local';
import type { TimeRange } from '@clipmesh/media';
import type { ObjectRef, StoreSettings } from '@clipmesh/object-store';
import { withBenchServers, type BenchServers } from './bench-servers';
import type { Benchmark } from './benchmark';
import { daySegments } from './day-segments';
import { fillLongArchive } from './long-archive';
import { makeReport, type BenchReport } from './report';

const FIRST_HOUR = Math.floor(Date.UTC(2026, 0, 1) / HOUR_MS);
const HOURS = 24;
const RUNS = 5;
const AIM_MS = 500;
const AIM_MB = 150;

export interface PlanCase {
  readonly step: 'plan' | 'layout';
  readonly settings: StoreSettings;
  readonly natsUrl: string;
  readonly video: { readonly id: string; readonly name: string };
  readonly range: TimeRange;
  /** Where the plan is put, and read again to be laid out. */
  readonly plan: ObjectRef;
  readonly header: ObjectRef;
}

/** Milliseconds, by the clock and of CPU time. */
export interface Effort {
  readonly ms: number;
  readonly cpuMs: number;
}

/** Of one process; the first work in it is cold, and the peak is that of the first. */
export interface PlanFigures {
  readonly cold: Effort;
  /** The least of several. */
  readonly warm: Effort;
  /** Of the stored header, cold. */
  readonly check?: Effort;
  readonly peakBytes: number;
}

/** A day planned and laid out, each run in a process of its own: its time, and the memory that it adds to an idle one. */
export const plan: Benchmark = {
  name: 'plan',
  about: `plan and layout of 24 h with sound in 30 s and in 4 s segments; aim ${String(AIM_MS)} ms and ${String(AIM_MB)} MB`,
  measure: (say) =>
    withBenchServers(async (servers) => {
      const figures: BenchReport[] = [];
      for (const segmentSeconds of [30, 4]) {
        say(`filling the index with 24 h of ${String(segmentSeconds)} s segments ...`);
        figures.push(...(await measureDay(servers, segmentSeconds, say)));
      }
      const [headline, ...rest] = figures;
      if (headline === undefined) {
        throw new Error('nothing was measured');
      }
      return { ...headline, figures: rest };
    }),
};

async function measureDay(
  servers: BenchServers,
  segmentSeconds: number,
  say: (line: string) => void,
): Promise<BenchReport[]> {
  const { nats, minio } = servers;
  const hours = Array.from({ length: HOURS }, (_, i) => FIRST_HOUR + i);
  const archive = await fillLongArchive({
    ...servers,
    videos: 1,
    firstHour: FIRST_HOUR,
    hours: HOURS,
    segmentSeconds,
    real: new Map(hours.map((hour) => [hour, daySegments(hour, segmentSeconds)])),
  });
  const [video] = archive.videos;
  if (video === undefined) {
    throw new Error('the archive has no videos');
  }
  const { endpoint, accessKey, secretKey, region } = minio;
  const key = `bench/${String(segmentSeconds)}`;
  const common = {
    settings: { endpoint, accessKey, secretKey, region },
    natsUrl: nats.url,
    video: { id: video.id, name: video.name },
    range: archive.range,
    plan: { bucket: BUCKETS.index, key: `${key}.plan` },
    header: { bucket: BUCKETS.index, key: `${key}.header` },
  };
  const what = `24 h in ${String(segmentSeconds)} s segments`;
  const reports: BenchReport[] = [];
  for (const step of ['plan', 'layout'] as const) {
    say(`${step} of ${what}, ${String(RUNS)} processes ...`);
    const runs: PlanFigures[] = [];
    for (let run = 0; run < RUNS; run++) {
      runs.push(await runOnce({ ...common, step }));
    }
    reports.push(...reportsOf(step, what, runs));
  }
  return reports;
}

async function runOnce(order: PlanCase): Promise<PlanFigures> {
  const child = fork(require.resolve('./plan-process'), [JSON.stringify(order)], {
    execArgv: [...NODE_FLAGS],
  });
  const ended = once(child, 'exit');
  let figures: PlanFigures | undefined;
  child.once('message', (message) => {
    figures = message as PlanFigures; // the only message of `plan-process.ts`
  });
  const [code] = (await ended) as [number | null];
  if (figures === undefined) {
    throw new Error(`the process of ${order.step} ended with code ${String(code)} and told nothing`);
  }
  return figures;
}

function reportsOf(step: PlanCase['step'], what: string, runs: readonly PlanFigures[]): BenchReport[] {
  const times = (name: string, effortOf: (run: PlanFigures) => Effort | undefined, peers = {}) => {
    const efforts = runs.map(effortOf).filter((effort) => effort !== undefined);
    const facts = { unit: 'ms', better: 'lower' } as const;
    return [
      makeReport({ ...facts, name: `${name}, ${what}`, ours: efforts.map(({ ms }) => ms), peers }),
      makeReport({
        ...facts,
        name: `${name}, ${what}: CPU time`,
        ours: efforts.map(({ cpuMs }) => cpuMs),
        peers: {},
      }),
    ];
  };
  const memory = (name: string) =>
    makeReport({
      name: `${name}, ${what}: peak memory over idle`,
      unit: 'MB',
      better: 'lower',
      ours: runs.map(({ peakBytes }) => peakBytes / 1e6),
      peers: { aim: [AIM_MB] },
    });
  if (step === 'plan') {
    return [
      ...times('plan from the catalog, cold', ({ cold }) => cold, { aim: [AIM_MS] }),
      ...times('plan from the catalog, warm', ({ warm }) => warm, { aim: [AIM_MS] }),
      memory('plan'),
    ];
  }
  return [
    ...times('layout, cold', ({ cold }) => cold),
    ...times('layout, warm', ({ warm }) => warm),
    ...times('check of the stored header, cold', ({ check }) => check),
    memory('layout and check'),
  ];
}
