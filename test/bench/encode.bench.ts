import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BUCKETS } from '@clipmesh/contracts';
import { clipJob, record, type Mesh, type MeshClient, type Recording } from '@clipmesh/local';
import type { ObjectRef, ObjectStore } from '@clipmesh/object-store';
import { mediaTool } from '@clipmesh/testkit';
import { encodePattern } from './archive-hour';
import { withBenchMesh } from './bench-mesh';
import { openStore } from './bench-servers';
import type { Benchmark } from './benchmark';
import { encodeByFfmpeg } from './ffmpeg-encode';
import { makeReport, type BenchReport } from './report';
import { similarity, type Similarity } from './similarity';

const VIDEO = 'bench-camera';
const PRESET = 'SingleLayer_720p_H264_AAC';
const SECONDS = 600;
const PATTERN_SECONDS = 40;
const SEGMENT_SECONDS = 30;
const RUNS = 3;
/** Parts as the planner cuts them, for the quality of each. */
const PART_SECONDS = 20;

/** What scaling out brings, beside one ffmpeg that has all cores for itself. */
export const encode: Benchmark = {
  name: 'encode',
  about:
    '10 min of 1080p to 720p by 1 worker of 1 slot and more, up to the cores, beside one ffmpeg; quality of both',
  measure: (say) =>
    withBenchMesh(
      say,
      async ({ mesh, client, dataDir }) => {
        const store = openStore(mesh.minio);
        try {
          return await new EncodeBench(mesh, client, store, dataDir, say).measure();
        } finally {
          store.close();
        }
      },
      { workers: availableParallelism(), env: { CLIPMESH_ENCODE_SLOTS: '1' } },
    ),
};

class EncodeBench {
  private readonly byWorkers: number[][];
  private readonly ffmpeg: number[] = [];

  constructor(
    private readonly mesh: Mesh,
    private readonly client: MeshClient,
    private readonly store: ObjectStore,
    private readonly dataDir: string,
    private readonly say: (line: string) => void,
  ) {
    this.byWorkers = mesh.workers.map(() => []);
  }

  async measure(): Promise<BenchReport> {
    const recording = await this.record();
    for (let run = 0; run < RUNS; run++) {
      await this.runAll(recording, run);
    }
    this.say('comparing pictures with the source ...');
    return this.report(await this.compare());
  }

  private async record(): Promise<Recording> {
    this.say(`making and recording ${SECONDS} s of footage ...`);
    const pattern = join(this.dataDir, 'pattern.mp4');
    await encodePattern(pattern, PATTERN_SECONDS);
    const { source } = this;
    const loops = String(SECONDS / PATTERN_SECONDS - 1);
    await mediaTool('ffmpeg', ['-v', 'error', '-stream_loop', loops, '-i', pattern, '-c', 'copy', source]);
    const { env } = this.mesh;
    const options = {
      input: source,
      video: VIDEO,
      segmentSeconds: SEGMENT_SECONDS,
      env,
      dataDir: this.dataDir,
    };
    const recording = await record(options);
    await this.client.indexed(recording);
    return recording;
  }

  /** With every number of workers, and by ffmpeg, once each. */
  private async runAll(recording: Recording, run: number): Promise<void> {
    const told: string[] = [];
    for (let workers = this.mesh.workers.length; workers > 0; workers--) {
      const name = `run-${run}-${workers}`;
      const ms = await this.timeJob(name, recording);
      this.byWorkers[workers - 1]?.push(ms);
      told.push(`${workers} workers ${seconds(ms)}`);
      await this.mesh.workers[workers - 1]?.stop();
    }
    const startedAt = performance.now();
    await encodeByFfmpeg(this.store, await this.segments(), this.peer, this.dataDir);
    this.ffmpeg.push(performance.now() - startedAt);
    told.push(`ffmpeg ${seconds(performance.now() - startedAt)}`);
    this.say(`run ${run + 1} of ${RUNS}: ${told.join(', ')}`);
    await Promise.all(this.mesh.workers.map((worker) => worker.start()));
  }

  private async timeJob(name: string, { start, end }: Recording): Promise<number> {
    const startedAt = performance.now();
    await this.client.putJob(clipJob({ name, sourceVideo: VIDEO, ranges: [[start, end]], preset: PRESET }));
    const { properties } = await this.client.jobEnd(name);
    if (properties.state !== 'Completed') {
      throw new Error(`${name} ended ${properties.state}: ${properties.error?.message ?? ''}`);
    }
    return performance.now() - startedAt;
  }

  private async compare(): Promise<{ ours: Similarity; ffmpeg: Similarity }> {
    const [ours, ffmpeg] = [join(this.dataDir, 'ours.mp4'), join(this.dataDir, 'ffmpeg.mp4')];
    await this.client.download(`run-0-1`, ours);
    await this.download(this.peer, ffmpeg);
    const options = { source: this.source, partSeconds: PART_SECONDS, folder: this.dataDir };
    return {
      ours: await similarity({ ...options, encoded: ours }),
      ffmpeg: await similarity({ ...options, encoded: ffmpeg }),
    };
  }

  private report({ ours, ffmpeg }: { ours: Similarity; ffmpeg: Similarity }): BenchReport {
    const { byWorkers } = this;
    const [single = []] = byWorkers;
    const efficiencies = byWorkers.slice(1).map((times, i) =>
      makeReport({
        name: `efficiency of ${i + 2} workers`,
        unit: 'of 1',
        better: 'higher',
        ours: times.map((time, run) => (single[run] ?? time) / ((i + 2) * time)),
      }),
    );
    const quality = (
      name: string,
      of: (one: Similarity) => number,
      unit: string,
      better: 'higher' | 'lower',
    ) => makeReport({ name, unit, better, ours: [of(ours)], peers: { ffmpeg: [of(ffmpeg)] } });
    return makeReport({
      name: encode.name,
      unit: 'ms',
      better: 'lower',
      ours: byWorkers.at(-1) ?? single,
      peers: { 'one ffmpeg + upload': this.ffmpeg },
      figures: [
        ...byWorkers.map((times, i) =>
          makeReport({ name: `wall of ${i + 1} workers`, unit: 'ms', better: 'lower', ours: times }),
        ),
        ...efficiencies,
        quality('SSIM of the whole file', ({ mean }) => mean, 'of 1', 'higher'),
        quality('SSIM of its worst part', ({ worstPart }) => worstPart, 'of 1', 'higher'),
        quality('spread of SSIM between parts', ({ spread }) => spread, 'of 1', 'lower'),
        quality('SSIM in the 5 frames around seams', ({ seams }) => seams, 'of 1', 'higher'),
        quality('bitrate', ({ kbps }) => kbps, 'kbit/s', 'lower'),
      ],
    });
  }

  private get source(): string {
    return join(this.dataDir, 'source.mp4');
  }

  private readonly peer: ObjectRef = { bucket: BUCKETS.exports, key: 'bench/ffmpeg.mp4' };

  private async segments(): Promise<ObjectRef[]> {
    const refs: ObjectRef[] = [];
    for await (const { key } of this.store.list(BUCKETS.archive, `${VIDEO}/`)) {
      refs.push({ bucket: BUCKETS.archive, key });
    }
    return refs;
  }

  private async download(ref: ObjectRef, path: string): Promise<void> {
    const link = await this.store.presignGet(ref, { expiresSeconds: 600 });
    await mediaTool('ffmpeg', ['-v', 'error', '-i', link, '-c', 'copy', path]);
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
