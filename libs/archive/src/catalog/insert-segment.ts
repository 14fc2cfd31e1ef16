import { createHash } from 'node:crypto';
import { wallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { SegmentEntry } from '../index/segment-entry';
import { encodeCatalogHour, encodeIndexObject } from './catalog-codec';
import type { CatalogHour, FoldedIndex } from './catalog-hour';
import { hourOf } from './hours';
import { sortSegments } from './segment-list';

export interface FoldOptions {
  /** Most bytes of an encoded catalog entry with segments in it. */
  readonly inlineLimitBytes?: number;
  /** Key of an index object in the bucket `index`, by its SHA-256. */
  readonly keyOf: (sha256: string) => string;
}

/** An index object to be stored before the catalog entry that names it. */
export interface IndexObject {
  readonly index: FoldedIndex;
  readonly bytes: Uint8Array;
}

export interface HourChange {
  readonly hour: CatalogHour;
  /** Stored first: a crash in between leaves an object that nothing names, and no entry that names nothing. */
  readonly fold?: IndexObject;
}

const DEFAULT_INLINE_LIMIT_BYTES = 32 * 1024;

export function emptyHour(hour: number): CatalogHour {
  return { format: 1, hour, endMs: wallTime(0), inline: [], folded: [] };
}

/**
 * Puts an admitted segment into its hour. When the entry would grow over its limit, the segments so far are
 * folded into an index object and the new one begins the inline part anew; one too large for that is folded with them.
 */
export function insertSegment(hour: CatalogHour, entry: SegmentEntry, options: FoldOptions): HourChange {
  if (hourOf(entry.startMs) !== hour.hour) {
    throw new ExportError('InternalError', {
      message: `a segment of hour ${hourOf(entry.startMs)} was put into hour ${hour.hour}`,
    });
  }
  const limit = options.inlineLimitBytes ?? DEFAULT_INLINE_LIMIT_BYTES;
  const endMs = wallTime(Math.max(hour.endMs, entry.endMs));
  const grown = { ...hour, endMs, inline: sortSegments([...hour.inline, entry]) };
  if (encodeCatalogHour(grown).length <= limit) {
    return { hour: grown };
  }
  const alone = { ...hour, endMs, inline: [entry] };
  const isTooLarge = hour.inline.length === 0 || encodeCatalogHour(alone).length > limit;
  const fold = makeIndexObject(isTooLarge ? grown.inline : hour.inline, options);
  const folded = [...hour.folded, fold.index];
  return { hour: isTooLarge ? { ...grown, inline: [], folded } : { ...alone, folded }, fold };
}

/** An index object of one segment or more. */
export function makeIndexObject(
  entries: readonly SegmentEntry[],
  options: Pick<FoldOptions, 'keyOf'>,
): IndexObject {
  const bytes = encodeIndexObject(entries);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    bytes,
    index: {
      key: options.keyOf(sha256),
      sha256,
      sizeBytes: bytes.length,
      count: entries.length,
      startMs: wallTime(entries.reduce((earliest, { startMs }) => Math.min(earliest, startMs), Infinity)),
      endMs: wallTime(entries.reduce((latest, { endMs }) => Math.max(latest, endMs), 0)),
    },
  };
}
