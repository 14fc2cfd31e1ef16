import type { SegmentEntry } from '../index/segment-entry';
import type { CatalogHour } from './catalog-hour';
import { makeIndexObject, recordedBytes, type IndexObjectOptions } from './index-object';
import type { HourChange } from './insert-segment';
import { sortSegments } from './segment-list';

/** All segments of an hour in order of time: what is inline and what its index objects hold. Doubles count once. */
export function segmentsOfHour(
  hour: CatalogHour,
  folded: readonly (readonly SegmentEntry[])[],
): SegmentEntry[] {
  const byKey = new Map<string, SegmentEntry>();
  for (const entries of [...folded, hour.inline]) {
    for (const entry of entries) {
      byKey.set(entry.key, entry);
    }
  }
  return sortSegments([...byKey.values()]);
}

export interface MergeOptions extends IndexObjectOptions {
  /** About the most bytes of an index object. */
  readonly objectLimitBytes?: number;
}

/**
 * A lookup reads whole objects: so much holds minutes of footage, not the hour. Below the 128 KiB up to which MinIO keeps an
 * object in one file with what it knows of it.
 */
const DEFAULT_OBJECT_LIMIT_BYTES = 112 * 1024;

/**
 * Closes an hour: everything goes into index objects of bounded size, one behind another in time, whose bytes do not tell in
 * which order segments came. Nothing is left to do when the hour is merged already (no `folds` then). The objects that the old
 * entry named and the new one does not are deleted by the caller, after a grace time.
 */
export function mergeHour(
  hour: CatalogHour,
  folded: readonly (readonly SegmentEntry[])[],
  options: MergeOptions,
): HourChange {
  const limit = options.objectLimitBytes ?? DEFAULT_OBJECT_LIMIT_BYTES;
  const [first] = hour.folded;
  if (hour.inline.length === 0 && (first === undefined || (isAlone(hour) && first.sizeBytes <= limit))) {
    return { hour, folds: [] };
  }
  const objects = inObjects(segmentsOfHour(hour, folded), limit).map((entries) =>
    makeIndexObject(entries, options),
  );
  const named = new Set(hour.folded.map(({ key }) => key));
  const isMerged = hour.inline.length === 0 && objects.length === named.size;
  if (isMerged && objects.every(({ index }) => named.has(index.key))) {
    return { hour, folds: [] };
  }
  return {
    hour: { ...hour, inline: [], folded: objects.map(({ index }) => index) },
    folds: objects.filter(({ index }) => !named.has(index.key)),
  };
}

const isAlone = ({ folded }: CatalogHour): boolean => folded.length === 1;

/** Cuts a list in order of time into pieces of about `limit` bytes in a record. */
function inObjects(entries: readonly SegmentEntry[], limit: number): SegmentEntry[][] {
  const pieces: SegmentEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const own = recordedBytes(entry);
    bytes += own;
    if (bytes > limit) {
      pieces.push([]);
      bytes = own;
    }
    pieces.at(-1)?.push(entry);
  }
  return pieces;
}
