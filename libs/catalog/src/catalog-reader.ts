import {
  hoursOf,
  mayHoldKeys,
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

  /**
   * The time that is recorded in a range, in order, for coverage. Index objects that lie wholly inside the range are not
   * read when their entry tells enough of them: so a month costs its entries, and at most a few objects at its ends.
   */
  async readSpans(
    videoId: string,
    range: TimeRange,
    signal?: AbortSignal,
  ): Promise<{ readonly spans: readonly TimeRange[]; readonly revisions: readonly CatalogRevision[] }> {
    const records = await Promise.all(hoursOf(range).map((hour) => this.getHour(videoId, hour)));
    const found = records.filter((record) => record !== undefined);
    const spans = await Promise.all(
      found.map(({ value }) => this.spansOfHour(videoId, value, range, signal)),
    );
    return {
      spans: spans.flat().sort((a, b) => a.startMs - b.startMs),
      revisions: found.map(({ value, revision }) => ({ hour: value.hour, revision })),
    };
  }

  /** All segments of an hour in order of time, from the entry and all its index objects. */
  segmentsOf(videoId: string, hour: CatalogHour, signal?: AbortSignal): Promise<SegmentEntry[]> {
    return this.read(videoId, hour, () => true, signal);
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
    const touches = touching(range);
    return (await this.read(videoId, hour, touches, signal)).filter(touches);
  }

  /** Segments of an hour with these keys; index objects that cannot hold one are not read. */
  async holding(
    videoId: string,
    hour: CatalogHour,
    keys: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly SegmentEntry[]> {
    const segments = await this.read(videoId, hour, mayHoldKeys(keys), signal);
    return segments.filter(({ key }) => keys.includes(key));
  }

  private async read(
    videoId: string,
    hour: CatalogHour,
    isWanted: (index: FoldedIndex) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<SegmentEntry[]> {
    const wanted = hour.folded.filter(isWanted);
    return segmentsOfHour(
      hour,
      await Promise.all(wanted.map((index) => this.load(videoId, hour, index, signal))),
    );
  }

  private async spansOfHour(
    videoId: string,
    hour: CatalogHour,
    range: TimeRange,
    signal: AbortSignal | undefined,
  ): Promise<readonly TimeRange[]> {
    const spansOf = async (index: FoldedIndex): Promise<readonly TimeRange[]> =>
      this.toldSpans(index, range) ?? (await this.load(videoId, hour, index, signal));
    const folded = await Promise.all(hour.folded.filter(touching(range)).map(spansOf));
    return [...folded.flat(), ...hour.inline];
  }

  /** Joined spans do not tell the small holes: at the ends of a range these would be hidden. */
  private toldSpans(
    { spans, startMs, endMs }: FoldedIndex,
    range: TimeRange,
  ): readonly TimeRange[] | undefined {
    const isInside = startMs >= range.startMs && endMs <= range.endMs;
    return isInside && spans !== undefined && spans.joinedOverMs <= this.gapThresholdMs
      ? spans.ranges
      : undefined;
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

const touching =
  (range: TimeRange) =>
  ({ startMs, endMs }: TimeRange): boolean =>
    startMs < range.endMs && endMs > range.startMs;
