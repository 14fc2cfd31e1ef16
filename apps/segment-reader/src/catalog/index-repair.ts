import {
  HOUR_MS,
  makeIndexObject,
  type CatalogHour,
  type FoldedIndex,
  type IndexObject,
  type SegmentEntry,
} from '@clipmesh/archive';
import type { KvStore } from '@clipmesh/bus';
import { catalogKey, type IndexObjects, type MendIndex } from '@clipmesh/catalog';
import { BUCKETS, DEFAULT_TIME_PATTERN, indexObjectKey } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { WallTime } from '@clipmesh/media';
import type { ObjectStore } from '@clipmesh/object-store';
import { indexSegment } from '../ingest/index-segment';
import { compileTimePattern } from '../scan/time-pattern';
import type { Clock } from '../videos/video-records';

/** Finds the name of a video by its id; a repair is rare enough to look through all. */
export type NameOfVideo = (videoId: string) => Promise<string | undefined>;

/** An index object made again, and what is in it. */
interface RepairedIndex {
  readonly object: IndexObject;
  readonly entries: readonly SegmentEntry[];
}

/**
 * Makes a lost index object again from the segments themselves. The catalog tells its span and how many segments it
 * held, their keys tell the rest; so it works for keys as our recorder writes them, and for others says what to do.
 */
export class IndexRepair {
  private readonly startOf = compileTimePattern(DEFAULT_TIME_PATTERN);

  constructor(
    private readonly store: Pick<ObjectStore, 'list' | 'open' | 'read'>,
    private readonly hours: KvStore<CatalogHour>,
    private readonly objects: IndexObjects,
    private readonly nameOf: NameOfVideo,
    private readonly now: Clock,
  ) {}

  readonly mend: MendIndex = async (videoId, hour, lost) => {
    const { object, entries } = await this.rebuild(videoId, hour, lost, await this.keysBeside(hour, lost));
    await this.objects.save(object);
    await this.replaceFold(videoId, hour.hour, lost, object.index);
    return entries;
  };

  /** Keys of the hour's segments that other readable objects, or the entry itself, hold. */
  private async keysBeside(hour: CatalogHour, lost: FoldedIndex): Promise<ReadonlySet<string>> {
    const others = hour.folded.filter((index) => index.key !== lost.key);
    const readings = await Promise.allSettled(others.map((index) => this.objects.load(index)));
    const entries = readings.flatMap((reading) => (reading.status === 'fulfilled' ? reading.value : []));
    return new Set([...entries, ...hour.inline].map(({ key }) => key));
  }

  /** If the hour was changed meanwhile, whoever reads it next repairs what is still lost. */
  private async replaceFold(
    videoId: string,
    hour: number,
    lost: FoldedIndex,
    found: FoldedIndex,
  ): Promise<void> {
    const record = await this.hours.get(catalogKey(videoId, hour));
    if (record === undefined) {
      return;
    }
    const folded = record.value.folded.map((index) => (index.key === lost.key ? found : index));
    try {
      await this.hours.update(record.key, { ...record.value, folded }, record.revision);
    } catch (error) {
      if (!(error instanceof ExportError && error.code === 'RevisionStale')) {
        throw error;
      }
    }
  }

  /** `others`: keys of the hour that are known elsewhere. */
  private async rebuild(
    videoId: string,
    hour: CatalogHour,
    lost: FoldedIndex,
    others: ReadonlySet<string>,
  ): Promise<RepairedIndex> {
    const name = await this.nameOf(videoId);
    const found = name === undefined ? [] : await this.candidates(name, hour.hour, lost, others);
    if (name === undefined || found.length !== lost.count) {
      throw new ExportError('ObjectMissing', {
        message: `the index object ${lost.key} is lost: of its ${lost.count} segments ${found.length} were found by their keys`,
        details: { key: lost.key, expected: lost.count, found: found.length, videoId, hour: hour.hour },
        hint: 'Restore the object from a backup of the bucket `index`.',
      });
    }
    const entries: SegmentEntry[] = [];
    for (const { key, startMs } of found) {
      entries.push(await this.indexAgain(name, key, startMs));
    }
    const keyOf = (sha256: string) => indexObjectKey(videoId, hour.hour, sha256);
    return { object: makeIndexObject(entries, { keyOf }), entries };
  }

  private async candidates(
    name: string,
    hour: number,
    lost: FoldedIndex,
    others: ReadonlySet<string>,
  ): Promise<{ key: string; startMs: WallTime }[]> {
    const [year, month, day, hh] = new Date(hour * HOUR_MS).toISOString().split(/[-T:]/);
    const prefix = `${name}/`;
    const found: { key: string; startMs: WallTime }[] = [];
    const folder = `${prefix}${[year, month, day, hh].join('/')}/`;
    for await (const { key } of this.store.list(BUCKETS.archive, folder)) {
      const startMs = this.startOf(key.slice(prefix.length));
      if (startMs !== undefined && startMs >= lost.startMs && startMs < lost.endMs && !others.has(key)) {
        found.push({ key, startMs });
      }
    }
    return found;
  }

  private indexAgain(video: string, key: string, startMs: WallTime): Promise<SegmentEntry> {
    const limits = { maxFutureMs: Infinity };
    const { signal } = new AbortController();
    return indexSegment(this.store, { video, key, startMs }, limits, this.now(), signal);
  }
}
