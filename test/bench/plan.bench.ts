import { fork } from 'node:child_process';
import { once } from 'node:events';
import { HOUR_MS } from '@clipmesh/archive';
import { BUCKETS } from '@clipmesh/contracts';
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

/** Of one process; the first work in it is cold, and the peak is that of the first. */
export interface PlanFigures {
  readonly coldMs: number;
  readonly warmMs: number;
  readonly verifyMs: number;
  readonly peakBytes: number;
  readonly outBytes: number;
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
  const child = fork(require.resolve('./plan-process'), [JSON.stringify(order)]);
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
  const time = (name: string, ours: readonly number[], peers = {}) =>
    makeReport({ name: `${name} ${what}`, unit: 'ms', better: 'lower', ours, peers });
  const memory = (name: string) =>
    makeReport({
      name: `${name} ${what}: peak memory over idle`,
      unit: 'MB',
      better: 'lower',
      ours: runs.map(({ peakBytes }) => peakBytes / 1e6),
      peers: { aim: [AIM_MB] },
    });
  const cold = runs.map(({ coldMs }) => coldMs);
  const warm = runs.map(({ warmMs }) => warmMs);
  if (step === 'plan') {
    return [
      time('plan from the catalog, cold,', cold, { aim: [AIM_MS] }),
      time('plan from the catalog, warm,', warm),
      memory('plan'),
    ];
  }
  return [
    time('layout, cold,', cold),
    time('layout, warm,', warm),
    time(
      'check of the stored header, cold,',
      runs.map(({ verifyMs }) => verifyMs),
    ),
    memory('layout and check'),
  ];
}
