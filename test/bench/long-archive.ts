import { randomUUID } from 'node:crypto';
import {
  emptyHour,
  HOUR_MS,
  mergeHour,
  type CatalogHour,
  type HourChange,
  type SegmentEntry,
} from '@clipmesh/archive';
import { jsonCodec, type Bus, type KvStore } from '@clipmesh/bus';
import { catalogKey, openCatalogHours } from '@clipmesh/catalog';
import { BUCKETS, indexObjectKey, KV, type ArchiveVideo, type VideoRecord } from '@clipmesh/contracts';
import { wallTime, type TimeRange } from '@clipmesh/media';
import type { ObjectStore } from '@clipmesh/object-store';
import { SegmentMaker } from './synthetic-segments';

export interface LongArchiveOptions {
  readonly bus: Bus;
  readonly store: ObjectStore;
  readonly videos: number;
  /** First hour, in whole hours since 1970, and how many. */
  readonly firstHour: number;
  readonly hours: number;
  readonly segmentSeconds: number;
  /** Hours of the first video that are recorded in earnest: their entries, in order of time. */
  readonly real?: ReadonlyMap<number, readonly SegmentEntry[]>;
  readonly say?: (line: string) => void;
}

export interface LongArchive {
  readonly videos: readonly ArchiveVideo[];
  readonly range: TimeRange;
  readonly segments: number;
  readonly indexBytes: number;
}

const HOURS_AT_ONCE = 4;
const GAP_THRESHOLD_MS = 1_000;
/** Of the videos that are only to be there: a third of the puts, and a third of the time that filling takes. */
const OTHERS_OBJECT_BYTES = 448 * 1024;

/**
 * Fills the index as closed hours of continuous recordings would have left it: catalog entries, index objects, records of the
 * videos. The segments themselves are not there, but for the `real` ones. The first video's index is as large as that of a real
 * one: measure on that. The others have one table for several segments and larger objects, all the same, made once for each hour.
 */
export async function fillLongArchive(options: LongArchiveOptions): Promise<LongArchive> {
  const filler = new ArchiveFiller(options);
  const { firstHour, hours } = options;
  const next = { hour: firstHour };
  const work = async (): Promise<void> => {
    while (next.hour < firstHour + hours) {
      await filler.fill(next.hour++);
    }
  };
  await Promise.all(Array.from({ length: HOURS_AT_ONCE }, work));
  await filler.nameVideos();
  return {
    videos: filler.videos,
    range: {
      startMs: wallTime(firstHour * HOUR_MS),
      endMs: wallTime((firstHour + hours) * HOUR_MS),
    },
    segments: filler.segments,
    indexBytes: filler.indexBytes,
  };
}

class ArchiveFiller {
  readonly videos: readonly ArchiveVideo[];
  segments = 0;
  indexBytes = 0;
  private readonly hours: KvStore<CatalogHour>;
  private readonly records: KvStore<VideoRecord>;
  private readonly first: SegmentMaker;
  private readonly others: SegmentMaker;
  private filled = 0;

  constructor(private readonly options: LongArchiveOptions) {
    this.hours = openCatalogHours(options.bus);
    this.records = options.bus.kv(KV.videos, jsonCodec<VideoRecord>(1));
    this.first = new SegmentMaker(options.segmentSeconds, false);
    this.others = new SegmentMaker(options.segmentSeconds, true);
    this.videos = Array.from({ length: options.videos }, (_, i) => newVideo(`camera-${String(i + 1)}`));
  }

  async fill(hour: number): Promise<void> {
    const { real, hours, say } = this.options;
    const first = closedHour(hour, real?.get(hour) ?? this.first.hour(hour));
    const others = closedHour(hour, this.others.hour(hour), OTHERS_OBJECT_BYTES);
    await Promise.all(this.videos.map((video, i) => this.save(video.id, i === 0 ? first : others)));
    this.filled++;
    if (this.filled % 24 === 0) {
      say?.(`  ${String(this.filled)} of ${String(hours)} hours`);
    }
  }

  async nameVideos(): Promise<void> {
    await Promise.all(this.videos.map((video) => this.records.put(video.name, video)));
  }

  private async save(videoId: string, { hour, folds }: HourChange): Promise<void> {
    const keyOf = (sha256: string) => indexObjectKey(videoId, hour.hour, sha256);
    for (const { index, bytes } of folds) {
      await this.options.store.put({ bucket: BUCKETS.index, key: keyOf(index.sha256) }, bytes);
      this.segments += index.count;
      this.indexBytes += bytes.length;
    }
    await this.hours.put(catalogKey(videoId, hour.hour), {
      ...hour,
      folded: hour.folded.map((index) => ({ ...index, key: keyOf(index.sha256) })),
    });
  }
}

function closedHour(hour: number, entries: readonly SegmentEntry[], objectLimitBytes?: number): HourChange {
  const endMs = wallTime(entries.reduce((latest, entry) => Math.max(latest, entry.endMs), 0));
  return mergeHour({ ...emptyHour(hour), endMs, inline: entries }, [], {
    keyOf: (sha256) => sha256,
    gapThresholdMs: GAP_THRESHOLD_MS,
    ...(objectLimitBytes === undefined ? {} : { objectLimitBytes }),
  });
}

function newVideo(name: string): ArchiveVideo {
  const createdAtMs = wallTime(0);
  const facts = { format: 1 as const, id: randomUUID(), name, createdAtMs, lastModifiedAtMs: createdAtMs };
  return { ...facts, type: 'Archive', hasData: true };
}
