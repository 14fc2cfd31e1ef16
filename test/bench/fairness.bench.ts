import { join } from 'node:path';
import { partProgressSubject, REQUESTS, type PartProgress } from '@clipmesh/contracts';
import { makeTestPattern } from '@clipmesh/ffmpeg';
import { clipJob, record, type MeshClient, type Recording } from '@clipmesh/local';
import { mediaTool } from '@clipmesh/testkit';
import { withBenchMesh, type BenchMesh } from './bench-mesh';
import type { Benchmark } from './benchmark';
import { makeReport, type BenchReport } from './report';

const VIDEO = 'bench-camera';
const PRESET = 'SingleLayer_540p_H264_AAC';
const PATTERN_SECONDS = 60;
const SECONDS = 3_600;
const SEGMENT_SECONDS = 30;
const SHORT_MS = 10_000;
const SHORT_JOBS = 10;
const SUBMITTERS = 5;
const JOBS_OF_EACH = 20;
const CLIP_MS = 30_000;

/** Whether somebody with a short wish waits behind somebody with a long one. */
export const fairness: Benchmark = {
  name: 'fairness',
  about: 'encoding: 10 s jobs behind a job of 1 h, and 100 jobs of 30 s from 5 submitters at once',
  measure: (say) => withBenchMesh(say, (world) => measureMesh(world, say)),
};

async function measureMesh(
  { mesh, client, dataDir }: BenchMesh,
  say: (line: string) => void,
): Promise<BenchReport> {
  say(`making and recording ${SECONDS} s of footage ...`);
  const pattern = join(dataDir, 'pattern.mp4');
  await makeTestPattern({ path: pattern, seconds: PATTERN_SECONDS });
  const input = join(dataDir, 'source.mp4');
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
  const meter = new JobMeter(client, recording);
  say(`${SHORT_JOBS} jobs of 10 s alone ...`);
  const alone = await meter.oneByOne('alone', SHORT_JOBS);
  say(`${SHORT_JOBS} jobs of 10 s behind one of 1 h ...`);
  const long = await meter.begin('long', 0, SECONDS * 1000);
  const behind = await meter.oneByOne('behind', SHORT_JOBS);
  await meter.cancel('long', long);
  say(`${SUBMITTERS * JOBS_OF_EACH} jobs of 30 s from ${SUBMITTERS} submitters ...`);
  const crowd = await meter.allAtOnce();
  const figure = (name: string, ours: readonly number[]): BenchReport =>
    makeReport({ name, unit: 'ms', better: 'lower', ours });
  return makeReport({
    name: fairness.name,
    unit: 'ms',
    better: 'lower',
    ours: behind.map(({ doneMs }) => doneMs),
    peers: { 'the same alone': alone.map(({ doneMs }) => doneMs) },
    figures: [
      figure(
        '10 s job behind 1 h: until its first part is at work',
        behind.map(({ waitMs }) => waitMs),
      ),
      figure(
        '100 jobs: until the first part is at work',
        crowd.map(({ waitMs }) => waitMs),
      ),
      figure(
        '100 jobs: until Completed',
        crowd.map(({ doneMs }) => doneMs),
      ),
      ...Array.from({ length: SUBMITTERS }, (_, submitter) =>
        figure(
          `submitter ${submitter + 1}: until Completed`,
          crowd.filter((_job, i) => i % SUBMITTERS === submitter).map(({ doneMs }) => doneMs),
        ),
      ),
    ],
  });
}

interface JobTimes {
  /** From the submit until a worker tells of it. */
  readonly waitMs: number;
  readonly doneMs: number;
}

class JobMeter {
  private readonly firstSeen = new Map<string, number>();

  constructor(
    private readonly client: MeshClient,
    private readonly recording: Recording,
  ) {
    client.bus.onNudge(partProgressSubject('*'), (body) => {
      const { jobId } = body as PartProgress;
      if (!this.firstSeen.has(jobId)) {
        this.firstSeen.set(jobId, performance.now());
      }
    });
  }

  /** Returns the job's id. */
  async begin(name: string, fromMs: number, lengthMs: number): Promise<string> {
    const startMs = Date.parse(this.recording.start) + fromMs;
    const range = [new Date(startMs).toISOString(), new Date(startMs + lengthMs).toISOString()] as const;
    const job = clipJob({ name, sourceVideo: VIDEO, ranges: [range], preset: PRESET });
    return (await this.client.putJob(job)).id;
  }

  async oneByOne(prefix: string, count: number): Promise<JobTimes[]> {
    const times: JobTimes[] = [];
    for (let job = 0; job < count; job++) {
      times.push(await this.time(`${prefix}-${job}`, 60_000 + job * 30_000, SHORT_MS));
    }
    return times;
  }

  /** Each submitter puts all its jobs at once; the results are in turn by submitter. */
  allAtOnce(): Promise<JobTimes[]> {
    return Promise.all(
      Array.from({ length: SUBMITTERS * JOBS_OF_EACH }, (_, job) =>
        this.time(`crowd-${job}`, job * CLIP_MS, CLIP_MS),
      ),
    );
  }

  async cancel(name: string, id: string): Promise<void> {
    await this.client.bus.request(REQUESTS.jobsCancel, { name });
    await this.client.jobEnd(name);
    this.firstSeen.delete(id);
  }

  private async time(name: string, fromMs: number, lengthMs: number): Promise<JobTimes> {
    const startedAt = performance.now();
    const id = await this.begin(name, fromMs, lengthMs);
    const { properties } = await this.client.jobEnd(name);
    const doneMs = performance.now() - startedAt;
    if (properties.state !== 'Completed') {
      throw new Error(`${name} ended ${properties.state}: ${properties.error?.message ?? ''}`);
    }
    return { waitMs: (this.firstSeen.get(id) ?? performance.now()) - startedAt, doneMs };
  }
}
