import { finished } from 'node:stream/promises';
import type { TimeRange } from '@clipmesh/media';
import { withBenchServers, type BenchServers } from './bench-servers';
import type { Benchmark } from './benchmark';
import { ARCHIVES, clipIn, openWorld, SHOWN_MS, type FirstByteWorld } from './first-byte-world';
import { HttpClient } from './http-client';
import { cpuSeconds } from './ingest-meters';
import { makeReport, type BenchReport } from './report';

const MINUTES = 150;
const HOURS = 30;
const WARM_UP = 10;
const WHOLE_RUNS = 5;
/** Spreads what is asked for over the hour, never the same twice. */
const GOLDEN = 0.618_033_988_75;

const WHO = ['month', 'nginx', 'hour'] as const;

/** How soon a clip begins, and how fast a whole hour comes, without a file being written. */
export const firstByte: Benchmark = {
  name: 'first-byte',
  about: 'clip.mp4 of 60 s and of 1 h out of archives of 1 h and of 30 days, beside nginx on one local file',
  measure: (say) =>
    withBenchServers(async (servers) => {
      const world = await openWorld(servers, say);
      try {
        return await new FirstByte(servers, world).measure(say);
      } finally {
        await world.stop();
      }
    }),
};

interface Whole {
  readonly ms: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

class FirstByte {
  private readonly client = new HttpClient();

  constructor(
    private readonly servers: BenchServers,
    private readonly world: FirstByteWorld,
  ) {}

  async measure(say: (line: string) => void): Promise<BenchReport> {
    say(`${String(MINUTES)} clips of 60 s and ${String(HOURS)} of 1 h ...`);
    const minutes = await this.firstBytes(SHOWN_MS.minute, MINUTES, 'end');
    const hours = await this.firstBytes(SHOWN_MS.hour, HOURS, 'first byte');
    say(`the whole hour, ${String(WHOLE_RUNS)} times each ...`);
    const whole = await this.wholes();
    this.client.close();
    return makeReport({
      ...{ name: 'first byte of 60 s, archive of 30 days', unit: 'ms', better: 'lower' },
      ours: minutes.month,
      peers: { 'nginx mp4': minutes.nginx, 'archive of 1 h': minutes.hour },
      figures: [
        makeReport({
          ...{ name: 'first byte of 1 h, archive of 30 days', unit: 'ms', better: 'lower' },
          ours: hours.month,
          peers: { 'nginx mp4': hours.nginx, 'archive of 1 h': hours.hour },
        }),
        ...wholeReports(whole),
      ],
    });
  }

  /** In turn from each archive and from nginx; each range is asked for once. */
  private async firstBytes(lengthMs: number, count: number, upTo: 'end' | 'first byte') {
    const times = { month: [] as number[], hour: [] as number[], nginx: [] as number[] };
    for (let run = 0; run < WARM_UP + count; run++) {
      const range = clipIn(this.world.range, lengthMs, (run * GOLDEN) % 1);
      const urls = {
        month: this.world.clipUrl(ARCHIVES.month, range),
        nginx: this.nginxUrl(range),
        hour: this.world.clipUrl(ARCHIVES.hour, range),
      };
      // Both archives name the same media: whoever comes first finds it cold.
      const turn = run % 2 === 0 ? WHO : [...WHO].reverse();
      for (const who of turn) {
        const { firstByteMs } = await this.client.fetch(urls[who], upTo);
        if (run >= WARM_UP) {
          times[who].push(firstByteMs);
        }
      }
    }
    return times;
  }

  private nginxUrl({ startMs, endMs }: TimeRange): string {
    const seconds = (at: number): string => ((at - this.world.range.startMs) / 1000).toFixed(3);
    return `${this.world.nginx.mp4Url}?start=${seconds(startMs)}&end=${seconds(endMs)}`;
  }

  private async wholes() {
    const { gateway, nginx, range, halfMinutes } = this.world;
    const runs = { gateway: [] as Whole[], nginx: [] as Whole[], store: [] as Whole[] };
    const { pid: minio } = this.servers.minio;
    for (let run = 0; run < WHOLE_RUNS; run++) {
      const url = this.world.clipUrl(ARCHIVES.halfMinutes, range);
      const fetch = async (from: string): Promise<number> => (await this.client.fetch(from)).bytes;
      runs.gateway.push(await this.whole([gateway.pid, minio], () => fetch(url)));
      runs.nginx.push(await this.whole([nginx.pid], () => fetch(nginx.staticUrl)));
      runs.store.push(await this.whole([minio], () => this.fetchObjects(halfMinutes.entries)));
    }
    return runs;
  }

  /** With the CPU of all processes that serve it. */
  private async whole(pids: readonly (number | undefined)[], fetch: () => Promise<number>): Promise<Whole> {
    const cpu = (): number => pids.reduce<number>((sum, pid) => sum + cpuSeconds(pid), 0);
    const cpuBefore = cpu();
    const startedAt = performance.now();
    const bytes = await fetch();
    const ms = performance.now() - startedAt;
    return { ms, cpuMs: (cpu() - cpuBefore) * 1000, bytes };
  }

  /** Straight from the store, one object after another. */
  private async fetchObjects(objects: readonly { bucket: string; key: string; sizeBytes: number }[]) {
    let bytes = 0;
    for (const object of objects) {
      await finished((await this.servers.store.read(object)).resume());
      bytes += object.sizeBytes;
    }
    return bytes;
  }
}

function wholeReports(
  runs: Readonly<Record<'gateway' | 'nginx' | 'store', readonly Whole[]>>,
): BenchReport[] {
  const report = (
    name: string,
    unit: string,
    better: 'lower' | 'higher',
    of: (whole: Whole) => number,
  ): BenchReport =>
    makeReport({
      ...{ name, unit, better },
      ours: runs.gateway.map(of),
      peers: { 'nginx static': runs.nginx.map(of), 'the store, object by object': runs.store.map(of) },
    });
  return [
    report('1 h whole, 30 s segments', 'ms', 'lower', ({ ms }) => ms),
    report('1 h whole, rate', 'MB/s', 'higher', ({ ms, bytes }) => bytes / 1e3 / ms),
    report('1 h whole, CPU of who serves it, the store included', 'ms', 'lower', ({ cpuMs }) => cpuMs),
  ];
}
