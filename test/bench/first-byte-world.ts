import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { HOUR_MS, hourOf, type SegmentEntry } from '@clipmesh/archive';
import { jsonCodec } from '@clipmesh/bus';
import { formatInstant, KV, type ArchiveVideo, type VideoRecord } from '@clipmesh/contracts';
import { startService, type Program } from '@clipmesh/local';
import { wallTime, type TimeRange } from '@clipmesh/media';
import { mediaTool } from '@clipmesh/testkit';
import { judgePath } from '../probe/judge-path';
import { makeArchiveHour, type ArchiveHour } from './archive-hour';
import type { BenchServers } from './bench-servers';
import { fillLongArchive } from './long-archive';
import { startNginx, type Nginx } from './nginx';

const DAYS = 30;
const VIDEOS = 20;
/** Names under which the same hour of media stands in the archives. */
export const ARCHIVES = { hour: 'one-hour', month: 'thirty-days', halfMinutes: 'half-minutes' } as const;

/** The same hour of media in archives of an hour and of a month, a gateway before them, and nginx before one local file. */
export interface FirstByteWorld {
  readonly range: TimeRange;
  /** In segments of 30 s: what the store is asked for, one object after another. */
  readonly halfMinutes: ArchiveHour;
  readonly gateway: Program;
  readonly nginx: Nginx;
  clipUrl(archive: string, range: TimeRange): string;
  stop(): Promise<void>;
}

export async function openWorld(servers: BenchServers, say: (line: string) => void): Promise<FirstByteWorld> {
  const { store, dataDir: folder } = servers;
  judgePath('nginx'); // said before the long filling rather than after it
  say('recording an hour in segments of 4 s and of 30 s ...');
  const small = await makeArchiveHour({ store, folder, segmentSeconds: 4, video: 'small' });
  const halfMinutes = await makeArchiveHour({ store, folder, segmentSeconds: 30, video: 'half' });
  say(`filling the index with ${String(DAYS)} days of ${String(VIDEOS)} videos ...`);
  await fill(servers, ARCHIVES.month, small.entries, { videos: VIDEOS, hours: DAYS * 24, say });
  await fill(servers, ARCHIVES.hour, small.entries, { videos: 1, hours: 1 });
  await fill(servers, ARCHIVES.halfMinutes, halfMinutes.entries, { videos: 1, hours: 1 });
  const { gateway, url } = await startGateway(servers);
  const clipUrl = (archive: string, { startMs, endMs }: TimeRange): string =>
    `${url}/videos/${archive}/clip.mp4?startTime=${formatInstant(startMs)}&endTime=${formatInstant(endMs)}`;
  const file = await localFile(folder, clipUrl(ARCHIVES.halfMinutes, halfMinutes.range));
  const nginx = await startNginx(folder, file);
  const stop = async (): Promise<void> => {
    await nginx.stop();
    await gateway.stop();
  };
  return { range: halfMinutes.range, halfMinutes, gateway, nginx, clipUrl, stop };
}

/** An archive that ends with the given hour of real segments, under a name of its own. */
async function fill(
  { bus, store }: BenchServers,
  name: string,
  entries: readonly SegmentEntry[],
  { videos, hours, say }: { videos: number; hours: number; say?: (line: string) => void },
): Promise<void> {
  const hour = hourOf(entries[0]?.startMs ?? wallTime(0));
  const archive = await fillLongArchive({
    ...{ bus, store, videos, hours, firstHour: hour - hours + 1 },
    segmentSeconds: 4,
    real: new Map([[hour, entries]]),
    ...(say === undefined ? {} : { say }),
  });
  const [first] = archive.videos as readonly [ArchiveVideo];
  await bus.kv(KV.videos, jsonCodec<VideoRecord>(1)).put(name, { ...first, name });
}

async function startGateway({
  nats,
  minio,
  dataDir,
}: BenchServers): Promise<{ gateway: Program; url: string }> {
  let url = '';
  const gateway = await startService({
    app: 'api-gateway',
    env: {
      CLIPMESH_NATS_URL: nats.url,
      CLIPMESH_S3_ENDPOINT: minio.endpoint,
      CLIPMESH_S3_ACCESS_KEY: minio.accessKey,
      CLIPMESH_S3_SECRET_KEY: minio.secretKey,
      CLIPMESH_S3_REGION: minio.region,
      CLIPMESH_HTTP_PORT: '0',
    },
    logFile: join(dataDir, 'gateway.log'),
    onReady: (record) => {
      url = String(record['url']);
    },
  });
  return { gateway, url };
}

/** The hour as one faststart file, as ffmpeg writes it. */
async function localFile(folder: string, url: string): Promise<string> {
  const fetched = join(folder, 'fetched.mp4');
  const { body } = await fetch(url);
  await pipeline(Readable.fromWeb(body as ReadableStream), createWriteStream(fetched));
  const copy = ['-c', 'copy', '-movflags', '+faststart', join(folder, 'hour.mp4')];
  await mediaTool('ffmpeg', ['-v', 'error', '-y', '-i', fetched, ...copy]);
  return 'hour.mp4';
}

/** So much of the hour, beginning at a fraction of what room there is. */
export function clipIn({ startMs, endMs }: TimeRange, lengthMs: number, fraction: number): TimeRange {
  const from = wallTime(startMs + Math.floor((endMs - startMs - lengthMs) * fraction));
  return { startMs: from, endMs: wallTime(from + lengthMs) };
}

export const SHOWN_MS = { minute: 60_000, hour: HOUR_MS - 10_000 } as const;
