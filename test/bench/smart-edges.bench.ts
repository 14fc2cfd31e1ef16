import { join } from 'node:path';
import { makeTestPattern } from '@clipmesh/ffmpeg';
import { clipJob, record, type MeshClient, type Recording } from '@clipmesh/local';
import { mediaTool } from '@clipmesh/testkit';
import { withBenchMesh, type BenchMesh } from './bench-mesh';
import type { Benchmark } from './benchmark';
import { makeReport, type BenchReport } from './report';

const VIDEO = 'bench-camera';
const PATTERN_SECONDS = 60;
const SECONDS = 720;
const SEGMENT_SECONDS = 30;
const CLIP_MS = 600_000;
const RUNS = 7;
/** Of them, so many with a full encode: it takes minutes. */
const ENCODES = 3;
const PRESET = 'SingleLayer_720p_H264_AAC';

type Way = 'smart' | 'edit-list' | 'encode';

/** What exact edges without hidden pictures cost, beside hiding them, and beside encoding everything. */
export const smartEdges: Benchmark = {
  name: 'smart-edges',
  about: '10 min clip with encoded edges, submit to Completed, beside plain pass-through and a full encode',
  measure: (say) => withBenchMesh(say, (world) => measureMesh(world, say)),
};

async function measureMesh(
  { mesh, client, dataDir }: BenchMesh,
  say: (line: string) => void,
): Promise<BenchReport> {
  say(`making and recording ${SECONDS} s of footage ...`);
  const pattern = join(dataDir, 'pattern.mp4');
  const input = join(dataDir, 'source.mp4');
  await makeTestPattern({ path: pattern, seconds: PATTERN_SECONDS });
  const loops = String(SECONDS / PATTERN_SECONDS - 1);
  await mediaTool('ffmpeg', ['-v', 'error', '-stream_loop', loops, '-i', pattern, '-c', 'copy', input]);
  const recording = await record({
    input,
    video: VIDEO,
    segmentSeconds: SEGMENT_SECONDS,
    env: mesh.env,
    dataDir,
  });
  await client.indexed(recording);
  // Not measured: the first jobs compile code and open connections.
  await timeJob(client, recording, 'smart', -1);
  await timeJob(client, recording, 'edit-list', -1);
  const times: Record<Way, number[]> = { smart: [], 'edit-list': [], encode: [] };
  for (let run = 0; run < RUNS; run++) {
    const ways: readonly Way[] = run < ENCODES ? ['smart', 'edit-list', 'encode'] : ['smart', 'edit-list'];
    for (const way of ways) {
      times[way].push(await timeJob(client, recording, way, run));
    }
    say(
      `run ${run + 1} of ${RUNS}: ${ways.map((way) => `${way} ${Math.round(times[way].at(-1) ?? 0)} ms`).join(', ')}`,
    );
  }
  return makeReport({
    name: smartEdges.name,
    unit: 'ms',
    better: 'lower',
    ours: times.smart,
    peers: { 'plain pass-through': times['edit-list'], 'full encode to 720p': times.encode },
  });
}

/** Milliseconds from the submit to the answer that says `Completed`, each run at an instant of its own. */
async function timeJob(client: MeshClient, recording: Recording, way: Way, run: number): Promise<number> {
  const startMs = Date.parse(recording.start) + 20_000 + run * 1_237;
  const range = [new Date(startMs).toISOString(), new Date(startMs + CLIP_MS).toISOString()] as const;
  const name = `${way}-${run + 1}`;
  const request = { name, sourceVideo: VIDEO, ranges: [range] };
  const startedAt = performance.now();
  await client.putJob(
    clipJob(way === 'encode' ? { ...request, preset: PRESET } : { ...request, options: { edges: way } }),
  );
  const { properties } = await client.jobEnd(name);
  const time = performance.now() - startedAt;
  if (properties.state !== 'Completed') {
    throw new Error(`${name} ended ${properties.state}: ${properties.error?.message ?? ''}`);
  }
  return time;
}
