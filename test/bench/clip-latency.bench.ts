import { join } from 'node:path';
import { BUCKETS } from '@clipmesh/contracts';
import { makeTestPattern } from '@clipmesh/ffmpeg';
import { clipJob, record, type Mesh, type MeshClient, type Recording } from '@clipmesh/local';
import { ObjectStore } from '@clipmesh/object-store';
import { withBenchMesh, type BenchMesh } from './bench-mesh';
import type { Benchmark } from './benchmark';
import { makeReport, type BenchReport } from './report';

const VIDEO = 'bench-camera';
const FOOTAGE_SECONDS = 120;
const SEGMENT_SECONDS = 30;
const CLIP_MS = 60_000;
const JOBS = 50;
/** Not measured: the first jobs compile code and open connections. */
const WARM_UP_JOBS = 3;
const FETCHES = 10;

/** How long somebody waits for a minute of footage as it was recorded. */
export const clipLatency: Benchmark = {
  name: 'clip-latency',
  about:
    '60 s pass-through clip of 3 Mbit/s, submit to Completed, whole mesh on this machine, one after another',
  measure: (say) => withBenchMesh(say, (world) => measureMesh(world, say)),
};

async function measureMesh(
  { mesh, client, dataDir }: BenchMesh,
  say: (line: string) => void,
): Promise<BenchReport> {
  const input = join(dataDir, 'footage.mp4');
  say(`making and recording ${FOOTAGE_SECONDS} s of footage ...`);
  await makeTestPattern({ path: input, seconds: FOOTAGE_SECONDS });
  const recording = await record({
    input,
    video: VIDEO,
    segmentSeconds: SEGMENT_SECONDS,
    env: mesh.env,
    dataDir,
  });
  await client.indexed(recording);
  say(`${WARM_UP_JOBS + JOBS} jobs ...`);
  const times: number[] = [];
  for (let job = 0; job < WARM_UP_JOBS + JOBS; job++) {
    const time = await timeJob(client, `clip-${String(job)}`, recording, job);
    if (job >= WARM_UP_JOBS) {
      times.push(time);
    }
  }
  const fetch = makeReport({
    name: 'raw fetch of one segment',
    unit: 'ms',
    better: 'lower',
    ours: await timeFetches(mesh),
  });
  return makeReport({ name: clipLatency.name, unit: 'ms', better: 'lower', ours: times, figures: [fetch] });
}

/** Milliseconds from the submit to the answer that says `Completed`, each job at an instant of its own. */
async function timeJob(client: MeshClient, name: string, recording: Recording, job: number): Promise<number> {
  const startMs = Date.parse(recording.start) + 1_000 + job * 777;
  const range = [new Date(startMs).toISOString(), new Date(startMs + CLIP_MS).toISOString()] as const;
  const startedAt = performance.now();
  await client.putJob(clipJob({ name, sourceVideo: VIDEO, ranges: [range] }));
  const { properties } = await client.jobEnd(name);
  const time = performance.now() - startedAt;
  if (properties.state !== 'Completed') {
    throw new Error(`${name} ended ${properties.state}: ${properties.error?.message ?? ''}`);
  }
  return time;
}

/** What the store itself needs for one segment: the figure beside which ours is to be read. */
async function timeFetches({ minio }: Mesh): Promise<number[]> {
  const { endpoint, accessKey, secretKey, region } = minio;
  const store = ObjectStore.open({ endpoint, accessKey, secretKey, region });
  try {
    const first = await store.list(BUCKETS.archive, `${VIDEO}/`).next();
    if (first.done === true) {
      throw new Error('nothing was recorded');
    }
    const times: number[] = [];
    for (let fetch = 0; fetch < FETCHES; fetch++) {
      const startedAt = performance.now();
      await store.readAll({ bucket: BUCKETS.archive, key: first.value.key });
      times.push(performance.now() - startedAt);
    }
    return times;
  } finally {
    store.close();
  }
}
