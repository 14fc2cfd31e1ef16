import { join } from 'node:path';
import { startService, type Program } from '@clipmesh/local';
import { makeArchiveHour, type ArchiveHour, type SegmentSeconds } from './archive-hour';
import { withBenchServers, type BenchServers } from './bench-servers';
import type { Benchmark } from './benchmark';
import { Announcer } from './ingest-announcer';
import { cpuSeconds, fetchAndHash, IndexWrites, pinToOneCore } from './ingest-meters';
import { makeReport, type BenchReport } from './report';

/** Each key is announced for several cameras: a segment's identity is video and key, so each is read and indexed anew. */
interface Load {
  readonly segmentSeconds: SegmentSeconds;
  readonly keys: number;
  readonly cameras: number;
}

const LOADS: readonly Load[] = [
  { segmentSeconds: 30, keys: 40, cameras: 6 },
  { segmentSeconds: 4, keys: 300, cameras: 4 },
];
/** Of the rate that was measured, while the lag is: what a system that is not overloaded runs at. */
const LAG_LOAD = 0.8;
const LAG_SECONDS = 10;

/** From a backlog to the index: how many cameras one segment-reader on one core keeps up with. */
export const ingest: Benchmark = {
  name: 'ingest',
  about: 'cameras of 3 Mbit/s that one segment-reader on one core keeps up with, 30 s and 4 s segments',
  measure: async (say) => {
    const [main, ...others] = await eachLoad((load) =>
      withBenchServers((servers) => measure(servers, load, say)),
    );
    if (main === undefined) {
      throw new Error('there is nothing to measure');
    }
    return { ...main, figures: [...main.figures, ...others] };
  },
};

async function eachLoad(run: (load: Load) => Promise<BenchReport>): Promise<BenchReport[]> {
  const reports: BenchReport[] = [];
  for (const load of LOADS) {
    reports.push(await run(load));
  }
  return reports;
}

async function measure(servers: BenchServers, load: Load, say: (line: string) => void): Promise<BenchReport> {
  const { segmentSeconds } = load;
  say(`recording ${load.keys} segments of ${segmentSeconds} s ...`);
  const archive = await makeArchiveHour({
    store: servers.store,
    folder: servers.dataDir,
    segmentSeconds,
    seconds: load.keys * segmentSeconds,
  });
  const raw = await fetchAndHash(servers.store, archive);
  const reader = await startReader(servers);
  try {
    const isPinned = await pinToOneCore(reader.pid);
    say(isPinned ? 'segment-reader has one core' : 'segment-reader has all cores: there is no taskset');
    return await measureReader(servers, load, archive, reader, raw);
  } finally {
    await reader.stop();
  }
}

function startReader({ nats, minio, dataDir }: BenchServers): Promise<Program> {
  return startService({
    app: 'segment-reader',
    env: {
      CLIPMESH_NATS_URL: nats.url,
      CLIPMESH_S3_ENDPOINT: minio.endpoint,
      CLIPMESH_S3_ACCESS_KEY: minio.accessKey,
      CLIPMESH_S3_SECRET_KEY: minio.secretKey,
      CLIPMESH_S3_REGION: minio.region,
      CLIPMESH_SCRATCH_DIR: join(dataDir, 'scratch'),
    },
    logFile: join(dataDir, 'segment-reader.log'),
  });
}

async function measureReader(
  servers: BenchServers,
  { segmentSeconds, cameras }: Load,
  archive: ArchiveHour,
  reader: Program,
  raw: number,
): Promise<BenchReport> {
  const announcer = new Announcer(servers.bus, archive, segmentSeconds);
  // Not measured: compiles code and opens connections.
  await announcer.announce('warm-up', 1);
  const writes = new IndexWrites(servers);
  const cpuBefore = cpuSeconds(reader.pid);
  const startedAt = performance.now();
  const { segments, mediaBytes } = await announcer.announce('camera', cameras);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = cpuSeconds(reader.pid) - cpuBefore;
  const indexBytes = await writes.end();
  const rate = segments / seconds;
  const lags = await announcer.lagsAt(rate * LAG_LOAD, LAG_SECONDS);
  const figure = (name: string, unit: string, better: 'lower' | 'higher', ours: readonly number[]) =>
    makeReport({ name: `${String(segmentSeconds)} s: ${name}`, unit, better, ours });
  return makeReport({
    name: `ingest of ${String(segmentSeconds)} s segments, from a backlog`,
    unit: 'cameras',
    better: 'higher',
    ours: [rate * segmentSeconds],
    figures: [
      figure('media seconds indexed in a CPU second of the process', 'cameras', 'higher', [
        (segments * segmentSeconds) / cpu,
      ]),
      figure('CPU of the process for a GB of media', 's', 'lower', [(cpu * 1e9) / mediaBytes]),
      figure('fetch and SHA-256 of a GB in plain Node, CPU', 's', 'lower', [raw]),
      figure('published to indexed, at 80 % of that load', 'ms', 'lower', lags),
      figure('index bytes written for a segment', 'bytes', 'lower', [indexBytes / segments]),
      figure('of its media', '%', 'lower', [(100 * indexBytes) / mediaBytes]),
    ],
  });
}
