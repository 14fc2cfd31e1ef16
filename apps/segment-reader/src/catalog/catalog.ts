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
   * Puts a segment into its hour; `known` when it is there already. `seen`: the hour's entry as somebody has just read it,
   * which saves reading it again; what it says is only believed when the change can be made from it.
   * @throws ExportError `SegmentOverlap`, `SegmentChanged` or `SegmentTooLong` when it cannot be taken.
   */
  admit(videoId: string, entry: SegmentEntry, seen?: KvRecord<CatalogHour>): Promise<'new' | 'known'> {
    // Between processes compare-and-set decides; within one, waiting is cheaper than losing.
    return this.lock.run(videoId, () => this.admitAgainstOthers(videoId, entry, seen));
  }

  /** Takes back a segment that was just admitted. Once it is folded it stays, for whoever removes the hour. */
  withdraw(videoId: string, entry: SegmentEntry): Promise<void> {
    return this.lock.run(videoId, () => this.withdrawAgainstOthers(videoId, entry));
  }

  /** Folds all of an hour into index objects one behind another in time; `lost` when somebody else has changed it meanwhile. */
  mergeHour(videoId: string, hour: number): Promise<'merged' | 'lost'> {
    return this.lock.run(videoId, async () => {
      const record = await this.hours.get(catalogKey(videoId, hour));
      if (record === undefined) {
        return 'merged';
      }
      const folded = await Promise.all(
        record.value.folded.map((index) => this.reader.load(videoId, record.value, index)),
      );
      const change = mergeHour(record.value, folded, this.foldOptions(videoId, hour));
      const isSaved = change.folds.length === 0 || (await this.save(videoId, record, change));
      return isSaved ? 'merged' : 'lost';
    });
  }

  /** All hours of a video, in no order. */
  hoursOfVideo(videoId: string): AsyncGenerator<KvRecord<CatalogHour>, void, undefined> {
    return this.hours.list(`${videoId}.*`);
  }

  /** For videos that are being deleted; `false` when the hour has been changed since it was read. */
  async forgetHour(record: KvRecord<CatalogHour>): Promise<boolean> {
    return wasCurrent(this.hours.delete(record.key, record.revision));
  }

  private async admitAgainstOthers(
    videoId: string,
    entry: SegmentEntry,
    seen: KvRecord<CatalogHour> | undefined,
  ): Promise<'new' | 'known'> {
    const hour = hourOf(entry.startMs);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const isOld = attempt === 1 && seen !== undefined;
      const record = isOld ? seen : await this.hours.get(catalogKey(videoId, hour));
      const current = record?.value ?? emptyHour(hour);
      const verdict = admitSegment(entry, await this.neighbours(videoId, current, entry), this.rules);
      if (verdict === 'new') {
        const change = insertSegment(current, entry, this.foldOptions(videoId, hour));
        if ((await this.save(videoId, record, change)) && (await this.stands(videoId, current, entry))) {
          return 'new';
        }
        await pause(Math.random() * Math.min(attempt * 2, LONGEST_PAUSE_MS));
      } else if (!isOld) {
        return settled(verdict);
      }
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
    const found = await Promise.all([
      this.reader.holding(videoId, own, [entry.key]),
      this.reader.touching(videoId, own, entry),
      this.beside(videoId, own, entry),
    ]);
    return found.flat();
  }

  /** What shares time with the segment in the hours beside its own. */
  private async beside(
    videoId: string,
    own: CatalogHour,
    entry: SegmentEntry,
  ): Promise<readonly SegmentBrief[]> {
    const hours = hoursBeside(own, entry, this.rules.gapThresholdMs);
    const records = await Promise.all(hours.map((hour) => this.hours.get(catalogKey(videoId, hour))));
    const found = await Promise.all(
      records
        .filter((record) => record !== undefined)
        .map(({ value }) => this.reader.touching(videoId, value, entry)),
    );
    return found.flat();
  }

  /**
   * Compare-and-set is by the hour: another reader may have put an overlapping segment into the next one at the same instant. Of
   * the two, whoever looks again last sees the other, takes its own back, and is judged anew.
   */
  private async stands(videoId: string, before: CatalogHour, entry: SegmentEntry): Promise<boolean> {
    const verdict = admitSegment(entry, await this.beside(videoId, before, entry), this.rules);
    if (verdict === 'new') {
      return true;
    }
    await this.withdrawAgainstOthers(videoId, entry);
    return false;
  }

  private async withdrawAgainstOthers(videoId: string, entry: SegmentEntry): Promise<void> {
    for (;;) {
      const record = await this.hours.get(catalogKey(videoId, hourOf(entry.startMs)));
      const inline = record?.value.inline.filter(({ key }) => key !== entry.key);
      if (record === undefined || inline === undefined || inline.length === record.value.inline.length) {
        return;
      }
      const isEmpty = inline.length === 0 && record.value.folded.length === 0;
      const change = isEmpty
        ? this.hours.delete(record.key, record.revision)
        : this.hours.update(record.key, { ...record.value, inline }, record.revision);
      if (await wasCurrent(change)) {
        return;
      }
    }
  }

  /** Objects first: a crash in between leaves objects that nothing names, which the sweep of the hour removes. */
  private async save(
    videoId: string,
    record: KvRecord<CatalogHour> | undefined,
    change: HourChange,
  ): Promise<boolean> {
    await Promise.all(change.folds.map((fold) => this.objects.save(fold)));
    const key = catalogKey(videoId, change.hour.hour);
    return record === undefined
      ? (await this.hours.create(key, change.hour)) !== undefined
      : wasCurrent(this.hours.update(key, change.hour, record.revision));
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

/**
 * Hours beside its own that can hold what overlaps a segment. Admitted segments share no more than the threshold: so behind one
 * that is longer than that, nothing reaches in from an earlier hour.
 */
function hoursBeside(own: CatalogHour, entry: SegmentEntry, thresholdMs: number): number[] {
  const isBehindAnother = own.inline.some(
    ({ key, startMs, endMs }) =>
      key !== entry.key && startMs <= entry.startMs && endMs - startMs > thresholdMs,
  );
  const reachesOn = entry.endMs > (own.hour + 1) * HOUR_MS;
  return [...(isBehindAnother ? [] : [own.hour - 1]), ...(reachesOn ? [own.hour + 1] : [])];
}

function settled(verdict: 'known' | ExportError): 'known' {
  if (verdict instanceof ExportError) {
    throw verdict;
  }
  return verdict;
}

/** Whether a change was made; `false` when it was made from a revision that is no longer current. */
async function wasCurrent(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (error instanceof ExportError && error.code === 'RevisionStale') {
      return false;
    }
    throw error;
  }
}
