import type { SegmentEntry } from '../index/segment-entry';
import type { CatalogHour } from './catalog-hour';
import { makeIndexObject, type FoldOptions, type HourChange } from './insert-segment';
import { sortSegments } from './segment-list';

/** All segments of an hour in order of time: what is inline and what its index objects hold. Doubles count once. */
export function segmentsOfHour(
  hour: CatalogHour,
  folded: readonly (readonly SegmentEntry[])[],
): SegmentEntry[] {
  const byKey = new Map([...folded.flat(), ...hour.inline].map((entry) => [entry.key, entry]));
  return sortSegments([...byKey.values()]);
}

/**
 * Closes an hour: everything goes into one index object, whose bytes do not tell in which order segments came.
 * Nothing is left to do when the hour is merged already (no `fold` then). The objects that the old entry named are deleted by the caller,
 * after a grace time.
 */
export function mergeHour(
  hour: CatalogHour,
  folded: readonly (readonly SegmentEntry[])[],
  options: Pick<FoldOptions, 'keyOf'>,
): HourChange {
  const entries = segmentsOfHour(hour, folded);
  if (entries.length === 0 || (hour.inline.length === 0 && hour.folded.length === 1)) {
    return { hour };
  }
  const fold = makeIndexObject(entries, options);
  return { hour: { ...hour, inline: [], folded: [fold.index] }, fold };
}
