import {
  admitSegment,
  decodeCatalogHour,
  emptyHour,
  encodeCatalogHour,
  HOUR_MS,
  hourOf,
  hoursOf,
  insertSegment,
  mergeHour,
  segmentsOfHour,
  type CatalogHour,
  type CatalogRevision,
  type HourChange,
  type SegmentBrief,
  type SegmentEntry,
} from '@clipmesh/archive';
import { pause, type Codec, type KvRecord, type KvStore } from '@clipmesh/bus';
import { indexObjectKey } from '@clipmesh/contracts';
import { wallTime, type TimeRange } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { IndexObjects } from './index-objects';
import { KeyedLock } from './keyed-lock';

export const catalogCodec: Codec<CatalogHour> = { encode: encodeCatalogHour, decode: decodeCatalogHour };

export interface CatalogRules {
  readonly gapThresholdMs: number;
  readonly inlineLimitBytes?: number;
}

/** What the index knows of a range, and the state that it was read in. */
export interface RangeReading {
  /** What touches the range, in order of time, and what lies so close to it that a hole between is closed. */
  readonly segments: readonly SegmentEntry[];
  readonly revisions: readonly CatalogRevision[];
}

/** Other readers can win so many times in a row; each of them got on. */
const ATTEMPTS = 64;
const LONGEST_PAUSE_MS = 40;

const catalogKey = (videoId: string, hour: number): string => `${videoId}.${hour}`;

/** The segment index of all videos: an entry for each hour, changed by compare-and-set (ADR-0007). */
export class Catalog {
  private readonly lock = new KeyedLock();

  constructor(
    private readonly hours: KvStore<CatalogHour>,
    private readonly objects: IndexObjects,
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

  async readRange(videoId: string, range: TimeRange, signal?: AbortSignal): Promise<RangeReading> {
    const records = await Promise.all(
      hoursOf(range).map((hour) => this.hours.get(catalogKey(videoId, hour))),
    );
    const found = records.filter((record) => record !== undefined);
    const wider = {
      startMs: wallTime(range.startMs - this.rules.gapThresholdMs),
      endMs: wallTime(range.endMs + this.rules.gapThresholdMs),
    };
    const segments = await Promise.all(found.map(({ value }) => this.touching(value, wider, signal)));
    const revisions = found.map(({ value, revision }) => ({ hour: value.hour, revision }));
    return { segments: segments.flat(), revisions };
  }

  /** All segments of an hour in order of time, from the entry and all its index objects. */
  async segmentsOf(hour: CatalogHour, signal?: AbortSignal): Promise<SegmentEntry[]> {
    const folded = await Promise.all(hour.folded.map((index) => this.objects.load(index, signal)));
    return segmentsOfHour(hour, folded);
  }

  /** Folds all of an hour into one index object; `false` when there is nothing to fold. */
  mergeHour(videoId: string, hour: number): Promise<boolean> {
    return this.lock.run(videoId, async () => {
      const record = await this.hours.get(catalogKey(videoId, hour));
      if (record === undefined) {
        return false;
      }
      const folded = await Promise.all(record.value.folded.map((index) => this.objects.load(index)));
      const change = mergeHour(record.value, folded, this.foldOptions(videoId, hour));
      return change.fold !== undefined && (await this.save(videoId, record, change)) !== undefined;
    });
  }

  getHour(videoId: string, hour: number): Promise<KvRecord<CatalogHour> | undefined> {
    return this.hours.get(catalogKey(videoId, hour));
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

  /** All of its own hour, because the key may be known there; of the hours beside it what touches the segment. */
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
    const beside = await Promise.all(
      [before, after]
        .filter((record) => record !== undefined)
        .map(({ value }) => this.touching(value, entry)),
    );
    return [...(await this.segmentsOf(own)), ...beside.flat()];
  }

  private async touching(
    hour: CatalogHour,
    range: TimeRange,
    signal?: AbortSignal,
  ): Promise<readonly SegmentEntry[]> {
    if (hour.endMs <= range.startMs) {
      return [];
    }
    const touches = ({ startMs, endMs }: TimeRange) => startMs < range.endMs && endMs > range.startMs;
    const folded = await Promise.all(
      hour.folded.filter(touches).map((index) => this.objects.load(index, signal)),
    );
    return segmentsOfHour(hour, folded).filter(touches);
  }

  /** The object first: a crash in between leaves an object that nothing names, which the sweep of the hour removes. */
  private async save(
    videoId: string,
    record: KvRecord<CatalogHour> | undefined,
    change: HourChange,
  ): Promise<number | undefined> {
    if (change.fold !== undefined) {
      await this.objects.save(change.fold);
    }
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
    const { inlineLimitBytes } = this.rules;
    return {
      keyOf: (sha256: string) => indexObjectKey(videoId, hour, sha256),
      ...(inlineLimitBytes === undefined ? {} : { inlineLimitBytes }),
    };
  }
}
