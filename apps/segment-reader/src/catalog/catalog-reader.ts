import {
  decodeCatalogHour,
  encodeCatalogHour,
  hoursOf,
  segmentsOfHour,
  type CatalogHour,
  type CatalogRevision,
  type FoldedIndex,
  type SegmentEntry,
} from '@clipmesh/archive';
import type { Codec, KvRecord, KvStore } from '@clipmesh/bus';
import { ExportError } from '@clipmesh/errors';
import { wallTime, type TimeRange } from '@clipmesh/media';
import type { IndexObjects } from './index-objects';
import type { IndexRepair } from './index-repair';

export const catalogCodec: Codec<CatalogHour> = { encode: encodeCatalogHour, decode: decodeCatalogHour };

export const catalogKey = (videoId: string, hour: number): string => `${videoId}.${hour}`;

/** What the index knows of a range, and the state that it was read in. */
export interface RangeReading {
  /** What touches the range, in order of time, and what lies so close to it that a hole between is closed. */
  readonly segments: readonly SegmentEntry[];
  readonly revisions: readonly CatalogRevision[];
}

const LOST: ReadonlySet<string> = new Set(['ObjectMissing', 'RecordCorrupt']);

/** Reads the index, and mends it where an index object is lost. */
export class CatalogReader {
  constructor(
    private readonly hours: KvStore<CatalogHour>,
    private readonly objects: IndexObjects,
    private readonly repair: IndexRepair,
    private readonly gapThresholdMs: number,
  ) {}

  async readRange(videoId: string, range: TimeRange, signal?: AbortSignal): Promise<RangeReading> {
    const records = await Promise.all(
      hoursOf(range).map((hour) => this.hours.get(catalogKey(videoId, hour))),
    );
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

  /** All segments of an hour in order of time, from the entry and all its index objects. */
  async segmentsOf(videoId: string, hour: CatalogHour, signal?: AbortSignal): Promise<SegmentEntry[]> {
    const folded = await Promise.all(hour.folded.map((index) => this.load(videoId, hour, index, signal)));
    return segmentsOfHour(hour, folded);
  }

  getHour(videoId: string, hour: number): Promise<KvRecord<CatalogHour> | undefined> {
    return this.hours.get(catalogKey(videoId, hour));
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

  /** What an index object holds; one that is lost is made again from the segments. */
  async load(
    videoId: string,
    hour: CatalogHour,
    index: FoldedIndex,
    signal?: AbortSignal,
  ): Promise<readonly SegmentEntry[]> {
    try {
      return await this.objects.load(index, signal);
    } catch (error) {
      if (!(error instanceof ExportError && LOST.has(error.code))) {
        throw error;
      }
    }
    const others = await this.keysBeside(hour, index);
    const { object, entries } = await this.repair.rebuild(videoId, hour, index, others);
    await this.objects.save(object);
    await this.replaceFold(videoId, hour.hour, index, object.index);
    return entries;
  }

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
}
