import { CatalogReader, IndexObjects, openCatalogHours, planFromCatalog } from '@clipmesh/catalog';
import { coverageOf, HOUR_MS, type MoviePlan } from '@clipmesh/archive';
import { wallTime, type TimeRange } from '@clipmesh/media';
import { withBenchServers, type BenchServers } from './bench-servers';
import type { Benchmark } from './benchmark';
import { fillLongArchive, type LongArchive } from './long-archive';
import { makeReport, type BenchReport } from './report';

const GAP_THRESHOLD_MS = 1_000;
const CLIP_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
const FIRST_HOUR = Math.floor(Date.UTC(2026, 0, 1) / HOUR_MS);
const LOOKUPS = 200;
const WARM_UP = 30;
const LONG_LOOKUPS = 5;
/** Both archives on the same servers, turn about: what disturbs one disturbs the other. */
const LONG = { days: 30, videos: 20, segmentSeconds: 4 };

/** Planning costs what the range costs, however much is stored. */
export const lookup: Benchmark = {
  name: 'lookup',
  about: 'plan of a 60 s clip out of 30 days of 20 cameras in 4 s segments, beside an archive of one hour',
  measure: (say) =>
    withBenchServers(async (servers) => {
      const startedAt = performance.now();
      say(`filling the index with ${LONG.days} days of ${LONG.videos} cameras ...`);
      const long = await fillLongArchive({
        ...servers,
        say,
        videos: LONG.videos,
        firstHour: FIRST_HOUR,
        hours: LONG.days * 24,
        segmentSeconds: LONG.segmentSeconds,
      });
      const seconds = (performance.now() - startedAt) / 1000;
      say(
        `${long.segments} segments, ${Math.round(long.indexBytes / 1e6)} MB of index, ${Math.round(seconds)} s`,
      );
      const one = (segmentSeconds: number) =>
        fillLongArchive({ ...servers, videos: 1, firstHour: FIRST_HOUR, hours: 1, segmentSeconds });
      return measure(servers, long, await one(LONG.segmentSeconds), await one(30));
    }),
};

async function measure(
  servers: BenchServers,
  long: LongArchive,
  short: LongArchive,
  halfMinutes: LongArchive,
): Promise<BenchReport> {
  const times = { long: [] as number[], short: [] as number[], half: [] as number[], warm: [] as number[] };
  for (let run = 0; run < WARM_UP + LOOKUPS; run++) {
    const fresh = newReader(servers);
    const range = clipIn(long, run);
    const measured = {
      long: await timeOf(() => plan(fresh, long, range)),
      warm: await timeOf(() => plan(fresh, long, range)),
      short: await timeOf(() => plan(newReader(servers), short, clipIn(short, run))),
      half: await timeOf(() => plan(newReader(servers), halfMinutes, clipIn(halfMinutes, run))),
    };
    if (run >= WARM_UP) {
      times.long.push(measured.long);
      times.warm.push(measured.warm);
      times.short.push(measured.short);
      times.half.push(measured.half);
    }
  }
  const figure = (name: string, ours: readonly number[], peers = {}) =>
    makeReport({ name, unit: 'ms', better: 'lower', ours, peers });
  return makeReport({
    name: 'lookup: 60 s, cold, 30 days x 20 cameras, 4 s segments',
    unit: 'ms',
    better: 'lower',
    ours: times.long,
    peers: { 'archive of 1 h': times.short },
    figures: [
      figure('60 s, what was read before is kept', times.warm),
      figure('60 s, cold, archive of 1 h, 30 s segments', times.half),
      figure(
        'plan of a day, cold, 4 s segments',
        await timesOfDays(long, (range) => plan(newReader(servers), long, range)),
      ),
      figure('coverage of a day, cold', await timesOfDays(long, (range) => coverage(servers, long, range))),
      figure(
        'coverage of the 30 days, cold',
        await timesOfDays(long, () => coverage(servers, long, long.range)),
      ),
    ],
  });
}

/** A reader that has read nothing yet. */
function newReader({ bus, store }: BenchServers): CatalogReader {
  return new CatalogReader(openCatalogHours(bus), new IndexObjects(store), GAP_THRESHOLD_MS);
}

function plan(reader: CatalogReader, archive: LongArchive, range: TimeRange): Promise<MoviePlan> {
  const { id, name } = videoOf(archive);
  return planFromCatalog(reader, {
    video: { id, name },
    ranges: [range],
    edges: 'edit-list',
    gaps: 'collapse',
  });
}

async function coverage(servers: BenchServers, archive: LongArchive, range: TimeRange): Promise<void> {
  const { spans } = await newReader(servers).readSpans(videoOf(archive).id, range);
  const { gaps } = coverageOf(spans, range, GAP_THRESHOLD_MS);
  if (gaps.length > 0) {
    throw new Error(`the filled archive has ${String(gaps.length)} gaps`);
  }
}

function videoOf({ videos }: LongArchive) {
  const [video] = videos;
  if (video === undefined) {
    throw new Error('the archive has no videos');
  }
  return video;
}

/** Spread over the whole archive, the same in each run of the benchmark. */
function clipIn({ range }: LongArchive, run: number): TimeRange {
  const room = range.endMs - range.startMs - CLIP_MS;
  const startMs = range.startMs + Math.floor(room * ((run * 0.618_033_988_75) % 1));
  return { startMs: wallTime(startMs), endMs: wallTime(startMs + CLIP_MS) };
}

async function timesOfDays(
  { range }: LongArchive,
  work: (range: TimeRange) => Promise<unknown>,
): Promise<number[]> {
  const days = Math.max(1, Math.floor((range.endMs - range.startMs) / DAY_MS));
  const times: number[] = [];
  for (let run = 0; run < LONG_LOOKUPS; run++) {
    const startMs = range.startMs + (run % days) * DAY_MS;
    const day = { startMs: wallTime(startMs), endMs: wallTime(Math.min(startMs + DAY_MS, range.endMs)) };
    times.push(await timeOf(() => work(day)));
  }
  return times;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
