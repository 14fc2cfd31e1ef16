import {
  admitSegment,
  emptyHour,
  HOUR_MS,
  hourOf,
  insertSegment,
  mergeHour,
  type CatalogHour,
  type HourChange,
  type SegmentBrief,
  type SegmentEntry,
} from '@clipmesh/archive';
import { pause, type KvRecord, type KvStore } from '@clipmesh/bus';
import { catalogKey, type CatalogReader, type IndexObjects } from '@clipmesh/catalog';
import { indexObjectKey } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { KeyedLock } from './keyed-lock';

export interface CatalogRules {
  readonly gapThresholdMs: number;
  readonly inlineLimitBytes?: number;
}

/** Other readers can win so many times in a row; each of them got on. */
const ATTEMPTS = 64;
const LONGEST_PAUSE_MS = 40;

/** Changes the segment index: an entry for each video and hour, by compare-and-set (ADR-0007). */
export class Catalog {
  private readonly lock = new KeyedLock();

  constructor(
    private readonly hours: KvStore<CatalogHour>,
    private readonly objects: IndexObjects,
    readonly reader: CatalogReader,
    readonly rules: CatalogRules,
  ) {}

  /**
   * Puts a segment into its hour; `known` when it is there already.
   * @throws ExportError `SegmentOverlap`, `SegmentChanged` or `SegmentTooLong` when it cannot be taken.
   */
  admit(videoId: string, entry: SegmentEntry): Promise<'new' | 'known'> {
    // Between processes compare-and-set decides; within one, waiting is cheaper than losing.
    return this.lock.run(videoId, () => this.admitAgainstOthers(videoId, entry));
  }

  /** Folds all of an hour into index objects one behind another in time; `false` when there is nothing to fold. */
  mergeHour(videoId: string, hour: number): Promise<boolean> {
    return this.lock.run(videoId, async () => {
      const record = await this.hours.get(catalogKey(videoId, hour));
      if (record === undefined) {
        return false;
      }
      const folded = await Promise.all(
        record.value.folded.map((index) => this.reader.load(videoId, record.value, index)),
      );
      const change = mergeHour(record.value, folded, this.foldOptions(videoId, hour));
      return change.folds.length > 0 && (await this.save(videoId, record, change)) !== undefined;
    });
  }

  /** All hours of a video, in no order. */
  hoursOfVideo(videoId: string): AsyncGenerator<KvRecord<CatalogHour>, void, undefined> {
    return this.hours.list(`${videoId}.*`);
  }

  /** For videos that are being deleted. */
  forgetHour(videoId: string, hour: number): Promise<void> {
    return this.hours.delete(catalogKey(videoId, hour));
  }

  private async admitAgainstOthers(videoId: string, entry: SegmentEntry): Promise<'new' | 'known'> {
    const hour = hourOf(entry.startMs);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const record = await this.hours.get(catalogKey(videoId, hour));
      const current = record?.value ?? emptyHour(hour);
      const verdict = admitSegment(entry, await this.neighbours(videoId, current, entry), this.rules);
      if (verdict instanceof ExportError) {
        throw verdict;
      }
      if (verdict === 'known') {
        return 'known';
      }
      const change = insertSegment(current, entry, this.foldOptions(videoId, hour));
      if ((await this.save(videoId, record, change)) !== undefined) {
        return 'new';
      }
      await pause(Math.random() * Math.min(attempt * 2, LONGEST_PAUSE_MS));
    }
    throw new ExportError('RevisionStale', { message: `hour ${hour} of ${videoId} was changed by others` });
  }

  /**
   * What shares time with the segment, and whatever of its own hour has its key. Entries tell which index objects can hold
   * either, so that hardly ever one is read: the cost does not grow with what the hour has.
   */
  private async neighbours(
    videoId: string,
    own: CatalogHour,
    entry: SegmentEntry,
  ): Promise<readonly SegmentBrief[]> {
    const [before, after] = await Promise.all([
      this.hours.get(catalogKey(videoId, own.hour - 1)),
      entry.endMs > (own.hour + 1) * HOUR_MS
        ? this.hours.get(catalogKey(videoId, own.hour + 1))
        : Promise.resolve(undefined),
    ]);
    const beside = [before, after].filter((record) => record !== undefined).map(({ value }) => value);
    const found = await Promise.all([
      this.reader.holding(videoId, own, [entry.key]),
      ...[own, ...beside].map((hour) => this.reader.touching(videoId, hour, entry)),
    ]);
    return found.flat();
  }

  /** Objects first: a crash in between leaves objects that nothing names, which the sweep of the hour removes. */
  private async save(
    videoId: string,
    record: KvRecord<CatalogHour> | undefined,
    change: HourChange,
  ): Promise<number | undefined> {
    await Promise.all(change.folds.map((fold) => this.objects.save(fold)));
    const key = catalogKey(videoId, change.hour.hour);
    if (record === undefined) {
      return this.hours.create(key, change.hour);
    }
    try {
      return await this.hours.update(key, change.hour, record.revision);
    } catch (error) {
      if (error instanceof ExportError && error.code === 'RevisionStale') {
        return undefined;
      }
      throw error;
    }
  }

  private foldOptions(videoId: string, hour: number) {
    const { inlineLimitBytes, gapThresholdMs } = this.rules;
    return {
      gapThresholdMs,
      keyOf: (sha256: string) => indexObjectKey(videoId, hour, sha256),
      ...(inlineLimitBytes === undefined ? {} : { inlineLimitBytes }),
    };
  }
}
