import { readFileSync } from 'node:fs';
import { REQUESTS, type JobPage } from '@clipmesh/contracts';
import { clipJob } from '@clipmesh/local';
import { withBenchMesh, type BenchMesh } from './bench-mesh';
import type { Benchmark } from './benchmark';
import { makeReport, type BenchReport } from './report';

const JOBS = 10_000;
/** Not counted: what they cost is code that is compiled and connections that are opened. */
const WARM_UP_JOBS = 1_000;
const CLIENTS = 32;
const PAGE = 200;
const START = Date.UTC(2026, 10, 1);

/** What jobs cost that nobody has begun: the services that could begin them stand still. */
export const waitingJobs: Benchmark = {
  name: 'waiting-jobs',
  about: '10,000 jobs that wait: submits a second, memory of each, pages, and all of them behind a restart',
  measure: (say) => withBenchMesh(say, (world) => measureMesh(world, say)),
};

async function measureMesh({ mesh, client }: BenchMesh, say: (line: string) => void): Promise<BenchReport> {
  const { services } = mesh;
  await services['segment-reader'].stop();
  const put = async (number: number): Promise<void> => {
    const startMs = START + number * 60_000;
    const range = [new Date(startMs).toISOString(), new Date(startMs + 30_000).toISOString()] as const;
    await client.putJob(clipJob({ name: nameOf(number), sourceVideo: 'nowhere', ranges: [range] }));
  };
  const idle = residentBytes(services['job-scheduler'].pid);
  say(`${WARM_UP_JOBS} jobs ...`);
  await inParallel(0, WARM_UP_JOBS, put);
  const pids = Object.entries(services)
    .filter(([name]) => name !== 'segment-reader')
    .map(([name, { pid }]) => [name, pid] as const);
  const before = pids.map(([, pid]) => residentBytes(pid));
  say(`${JOBS - WARM_UP_JOBS} more ...`);
  const startedAt = performance.now();
  await inParallel(WARM_UP_JOBS, JOBS, put);
  const seconds = (performance.now() - startedAt) / 1000;
  const grown = pids.map(([name, pid], i): [string, number] => [name, residentBytes(pid) - (before[i] ?? 0)]);
  const list = async (after?: string): Promise<JobPage> => {
    const body = { top: PAGE, ...(after === undefined ? {} : { after }) };
    return client.bus.request<JobPage>(REQUESTS.jobsList, body);
  };
  say('all pages, before and behind a restart of the scheduler ...');
  const pages = await readAll(list);
  await services['job-scheduler'].kill();
  await services['job-scheduler'].start();
  // Of a process that has not answered 10,000 requests: what it must know of them, and no garbage.
  const known = residentBytes(services['job-scheduler'].pid) - idle;
  const again = await readAll(list);
  if (pages.count !== JOBS || again.count !== JOBS) {
    throw new Error(`${JOBS} jobs were put; ${pages.count} were listed, and ${again.count} behind a restart`);
  }
  const perJob = (name: string, bytes: number, jobs = JOBS - WARM_UP_JOBS): BenchReport =>
    makeReport({
      name: `memory of a waiting job: ${name}`,
      unit: 'bytes',
      better: 'lower',
      ours: [bytes / jobs],
    });
  return makeReport({
    name: waitingJobs.name,
    unit: 'submits/s',
    better: 'higher',
    ours: [(JOBS - WARM_UP_JOBS) / seconds],
    figures: [
      ...grown.map(([name, bytes]) => perJob(name, bytes)),
      perJob('job-scheduler, after a restart', known, JOBS),
      makeReport({ name: `page of ${PAGE}`, unit: 'ms', better: 'lower', ours: pages.ms }),
      makeReport({ name: `page of ${PAGE}, after the restart`, unit: 'ms', better: 'lower', ours: again.ms }),
    ],
  });
}

const nameOf = (number: number): string => `waiting-${String(number).padStart(5, '0')}`;

async function inParallel(from: number, to: number, run: (number: number) => Promise<void>): Promise<void> {
  let next = from;
  const clients = Array.from({ length: CLIENTS }, async () => {
    for (let number = next++; number < to; number = next++) {
      await run(number);
    }
  });
  await Promise.all(clients);
}

async function readAll(list: (after?: string) => Promise<JobPage>): Promise<{ count: number; ms: number[] }> {
  const ms: number[] = [];
  let count = 0;
  for (let after: string | undefined, isLast = false; !isLast;) {
    const startedAt = performance.now();
    const page = await list(after);
    ms.push(performance.now() - startedAt);
    count += page.value.length;
    after = page.after;
    isLast = after === undefined;
  }
  return { count, ms };
}

/** Of Linux, on all machines that Node runs on. */
function residentBytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
