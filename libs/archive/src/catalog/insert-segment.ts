import { wallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { SegmentEntry } from '../index/segment-entry';
import type { CatalogHour } from './catalog-hour';
import { hourOf } from './hours';
import { makeIndexObject, recordedBytes, type IndexObject, type IndexObjectOptions } from './index-object';
import { sortSegments } from './segment-list';

export interface FoldOptions extends IndexObjectOptions {
  /** About the most bytes of the segments in an entry. */
  readonly inlineLimitBytes?: number;
}

export interface HourChange {
  readonly hour: CatalogHour;
  /** Stored first: a crash in between leaves objects that nothing names, and no entry that names nothing. */
  readonly folds: readonly IndexObject[];
}

const DEFAULT_INLINE_LIMIT_BYTES = 32 * 1024;

export function emptyHour(hour: number): CatalogHour {
  return { format: 1, hour, endMs: wallTime(0), inline: [], folded: [] };
}

/**
 * Puts an admitted segment into its hour. When its inline part would grow over the limit, the segments so far are
 * folded into an index object and the new one begins the inline part anew; one too large for that is folded with them.
 * What it costs does not depend on how many segments the hour has.
 */
export function insertSegment(hour: CatalogHour, entry: SegmentEntry, options: FoldOptions): HourChange {
  if (hourOf(entry.startMs) !== hour.hour) {
    throw new ExportError('InternalError', {
      message: `a segment of hour ${hourOf(entry.startMs)} was put into hour ${hour.hour}`,
    });
  }
  const limit = options.inlineLimitBytes ?? DEFAULT_INLINE_LIMIT_BYTES;
  const endMs = wallTime(Math.max(hour.endMs, entry.endMs));
  const inline = sortSegments([...hour.inline, entry]);
  const own = recordedBytes(entry);
  if (hour.inline.reduce((sum, held) => sum + recordedBytes(held), own) <= limit) {
    return { hour: { ...hour, endMs, inline }, folds: [] };
  }
  const isTooLarge = hour.inline.length === 0 || own > limit;
  const fold = makeIndexObject(isTooLarge ? inline : hour.inline, options);
  return {
    hour: { ...hour, endMs, inline: isTooLarge ? [] : [entry], folded: [...hour.folded, fold.index] },
    folds: [fold],
  };
}
