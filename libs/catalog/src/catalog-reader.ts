import {
  hoursOf,
  segmentsOfHour,
  type CatalogHour,
  type CatalogRevision,
  type FoldedIndex,
  type SegmentEntry,
} from '@clipmesh/archive';
import type { KvRecord, KvStore } from '@clipmesh/bus';
import { ExportError } from '@clipmesh/errors';
import { wallTime, type TimeRange } from '@clipmesh/media';
import { catalogKey } from './catalog-entries';
import type { IndexObjects } from './index-objects';

/** What the index knows of a range, and the state that it was read in. */
export interface RangeReading {
  /** What touches the range, in order of time, and what lies so close to it that a hole between is closed. */
  readonly segments: readonly SegmentEntry[];
  readonly revisions: readonly CatalogRevision[];
}

/** Makes a lost index object again, and returns what it held. */
export type MendIndex = (
  videoId: string,
  hour: CatalogHour,
  lost: FoldedIndex,
) => Promise<readonly SegmentEntry[]>;

const LOST: ReadonlySet<string> = new Set(['ObjectMissing', 'RecordCorrupt']);

/**
 * Reads the segment index by range: the entries of the hours that can hold it, and of their index objects those that do.
 * What is read follows from the range, never from how much is stored.
 */
export class CatalogReader {
  /** Without `mend` an index object that is lost is an error: for processes that may not write. */
  constructor(
    private readonly hours: KvStore<CatalogHour>,
    private readonly objects: IndexObjects,
    readonly gapThresholdMs: number,
    private readonly mend?: MendIndex,
  ) {}

  async readRange(videoId: string, range: TimeRange, signal?: AbortSignal): Promise<RangeReading> {
    const records = await Promise.all(hoursOf(range).map((hour) => this.getHour(videoId, hour)));
    const found = records.filter((record) => record !== undefined);
    const wider = {
      startMs: wallTime(range.startMs - this.gapThresholdMs),
      endMs: wallTime(range.endMs + this.gapThresholdMs),
    };
    const segments = await Promise.all(
      found.map(({ value }) => this.touching(videoId, value, wider, signal)),
    );
    const revisions = found.map(({ value, revision }) => ({ hour: value.hour, revision }));
    return { segments: segments.flat(), revisions };
  }

  getHour(videoId: string, hour: number): Promise<KvRecord<CatalogHour> | undefined> {
    return this.hours.get(catalogKey(videoId, hour));
  }

  /** All segments of an hour in order of time, from the entry and all its index objects. */
  async segmentsOf(videoId: string, hour: CatalogHour, signal?: AbortSignal): Promise<SegmentEntry[]> {
    const folded = await Promise.all(hour.folded.map((index) => this.load(videoId, hour, index, signal)));
    return segmentsOfHour(hour, folded);
  }

  /** Segments of an hour that share time with a range; index objects that cannot hold one are not read. */
  async touching(
    videoId: string,
    hour: CatalogHour,
    range: TimeRange,
    signal?: AbortSignal,
  ): Promise<readonly SegmentEntry[]> {
    if (hour.endMs <= range.startMs) {
      return [];
    }
    const touches = ({ startMs, endMs }: TimeRange) => startMs < range.endMs && endMs > range.startMs;
    const folded = await Promise.all(
      hour.folded.filter(touches).map((index) => this.load(videoId, hour, index, signal)),
    );
    return segmentsOfHour(hour, folded).filter(touches);
  }

  /** What an index object holds. */
  async load(
    videoId: string,
    hour: CatalogHour,
    index: FoldedIndex,
    signal?: AbortSignal,
  ): Promise<readonly SegmentEntry[]> {
    try {
      return await this.objects.load(index, signal);
    } catch (error) {
      if (this.mend === undefined || !(error instanceof ExportError && LOST.has(error.code))) {
        throw error;
      }
      return this.mend(videoId, hour, index);
    }
  }
}
