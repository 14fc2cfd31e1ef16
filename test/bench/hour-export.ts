import { finished } from 'node:stream/promises';
import { encodeMoviePlan, planMovie } from '@clipmesh/archive';
import { BUCKETS, type StoredObject } from '@clipmesh/contracts';
import type { ObjectRef } from '@clipmesh/object-store';
import { makeArchiveHour, type ArchiveHour, type SegmentSeconds } from './archive-hour';
import { withBenchServers, type BenchServers } from './bench-servers';
import { ExportWriter, type WriteDone } from './export-writer';
import { exportByFfmpeg, type FfmpegExport } from './ffmpeg-export';
import { cpuSeconds } from './ingest-meters';
import { makeReport, type BenchReport } from './report';
import { checkSameMovie } from './same-movie';
import { copyObject } from './store-copy';

const RUNS = 5;
const MB = 1e6;

const exported = (who: string): ObjectRef => ({ bucket: BUCKETS.exports, key: `${who}/export.mp4` });
const OURS = exported('ours');
const FFMPEG = exported('ffmpeg');
const COPY = exported('copy');
/** What the store copies: the same bytes, left from the first run. */
const WHOLE = exported('whole');

interface OursTimed extends WriteDone {
  readonly ms: number;
  /** CPU of the store meanwhile. */
  readonly storeCpuMs: number;
}

/** An hour of archive as one MP4 in the store: planned, written and verified by us; by ffmpeg; and merely copied. */
export async function measureHourExport(
  name: string,
  segmentSeconds: SegmentSeconds,
  say: (line: string) => void,
): Promise<BenchReport> {
  return withBenchServers(async (servers) => {
    say(`recording an hour in segments of ${String(segmentSeconds)} s ...`);
    const { store, minio, dataDir } = servers;
    const hour = await makeArchiveHour({ store, folder: dataDir, segmentSeconds });
    const { endpoint, accessKey, secretKey, region } = minio;
    const writer = await ExportWriter.start({ endpoint, accessKey, secretKey, region });
    try {
      const bench = new HourExport(servers, hour, writer);
      say(`both hold ${await bench.checkOnce()}`);
      for (let run = 0; run < RUNS; run++) {
        say(`run ${String(run + 1)} of ${String(RUNS)}: ${await bench.runAll(run)}`);
      }
      return bench.report(name);
    } finally {
      await writer.stop();
    }
  });
}

class HourExport {
  private readonly ours: OursTimed[] = [];
  private readonly ffmpeg: FfmpegExport[] = [];
  private readonly copies: number[] = [];
  private readonly fetches: number[] = [];

  constructor(
    private readonly servers: BenchServers,
    private readonly hour: ArchiveHour,
    private readonly writer: ExportWriter,
  ) {}

  /** Both once, not measured: that they make the same movie, and what the store is to copy. */
  async checkOnce(): Promise<string> {
    const { store, minio } = this.servers;
    await this.exportOurs();
    await this.exportFfmpeg();
    const [mine, theirs] = await Promise.all(
      [OURS, FFMPEG].map((ref) => store.presignGet(ref, { expiresSeconds: 3600 })),
    );
    const told = await checkSameMovie(mine ?? '', theirs ?? '');
    await copyObject(minio, OURS, WHOLE);
    await this.remove(OURS, FFMPEG);
    return told;
  }

  /** Each once. Who begins changes from run to run: what one leaves to be written to disk slows the next. */
  async runAll(run: number): Promise<string> {
    const all = [
      async () => {
        const done = await this.exportOurs();
        this.ours.push(done);
        await this.remove(OURS);
        return `ours ${seconds(done.ms)}`;
      },
      async () => {
        const done = await this.exportFfmpeg();
        this.ffmpeg.push(done);
        await this.remove(FFMPEG);
        return `ffmpeg ${seconds(done.muxMs)} + ${seconds(done.uploadMs)}`;
      },
      async () => {
        const ms = await timed(() => copyObject(this.servers.minio, WHOLE, COPY));
        this.copies.push(ms);
        await this.remove(COPY);
        return `copy ${seconds(ms)}`;
      },
    ];
    const told: string[] = [];
    for (let turn = 0; turn < all.length; turn++) {
      told.push((await all[(run + turn) % all.length]?.()) ?? '');
    }
    this.fetches.push(await timed(() => this.fetchAll()));
    return told.join(', ');
  }

  report(name: string): BenchReport {
    const { ours, ffmpeg, copies, fetches } = this;
    const figure = (what: string, unit: string, of: (done: OursTimed) => number): BenchReport =>
      makeReport({ name: what, unit, better: 'lower', ours: ours.map(of) });
    const other = (what: string, values: readonly number[]): BenchReport =>
      makeReport({ name: what, unit: 'ms', better: 'lower', ours: values });
    return makeReport({
      name,
      unit: 'ms',
      better: 'lower',
      ours: ours.map(({ ms }) => ms),
      peers: { 'ffmpeg + upload': ffmpeg.map(totalMs), CopyObject: copies },
      figures: [
        figure('bytes through the worker', 'MB', (done) => done.uploadedBytes / MB),
        figure('peak memory above idle', 'MB', (done) => (done.peakBytes - this.writer.idleBytes) / MB),
        figure('parts copied in the store', 'parts', (done) => done.copiedParts),
        figure('parts uploaded', 'parts', (done) => done.uploadedParts),
        figure('CPU of the worker', 'ms', (done) => done.cpuMs),
        figure('CPU of the store meanwhile', 'ms', (done) => done.storeCpuMs),
        other(
          'ffmpeg alone',
          ffmpeg.map(({ muxMs }) => muxMs),
        ),
        other(
          'upload alone',
          ffmpeg.map(({ uploadMs }) => uploadMs),
        ),
        other('raw fetch of the archive', fetches),
      ],
    });
  }

  private async exportOurs(): Promise<OursTimed> {
    const { pid } = this.servers.minio;
    const cpuBefore = cpuSeconds(pid);
    const startedAt = performance.now();
    const done = await this.writer.write({ plan: await this.plan(), target: OURS });
    const ms = performance.now() - startedAt;
    return { ...done, ms, storeCpuMs: (cpuSeconds(pid) - cpuBefore) * 1000 };
  }

  /** As segment-reader hands it to the sink. */
  private async plan(): Promise<StoredObject> {
    const { video, range, entries } = this.hour;
    const plan = planMovie({
      video,
      ranges: [range],
      segments: [entries],
      edges: 'edit-list',
      gaps: 'fail',
      gapThresholdMs: 1_000,
      catalogRevisions: [],
    });
    const bytes = encodeMoviePlan(plan);
    const ref = { bucket: BUCKETS.work, key: 'bench/plan' };
    const { etag } = await this.servers.store.put(ref, bytes);
    return { ...ref, etag, sizeBytes: bytes.length };
  }

  private exportFfmpeg(): Promise<FfmpegExport> {
    const { store, dataDir } = this.servers;
    return exportByFfmpeg(store, this.hour.entries, FFMPEG, dataDir);
  }

  /** What the store itself needs to hand out the media once, to four readers. */
  private async fetchAll(): Promise<void> {
    const left = [...this.hour.entries];
    const lane = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        await finished((await this.servers.store.read(next)).resume());
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
  }

  private async remove(...refs: ObjectRef[]): Promise<void> {
    for (const ref of refs) {
      await this.servers.store.remove(ref);
    }
  }
}

const totalMs = ({ muxMs, uploadMs }: FfmpegExport): number => muxMs + uploadMs;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
