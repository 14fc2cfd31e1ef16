import parseRange from 'range-parser';

export interface ByteSpan {
  readonly start: number;
  /** Of the last byte. */
  readonly end: number;
}

/** More than a player or a download manager asks for at once; such a request is answered whole (RFC 9110 §14.2). */
const MOST_RANGES = 32;

/** The ranges of a `Range` header, those that touch joined; `whole` when there is none that we follow. */
export function readRanges(
  header: string | undefined,
  sizeBytes: number,
): readonly ByteSpan[] | 'whole' | 'outside' {
  if (header === undefined) {
    return 'whole';
  }
  const ranges = parseRange(sizeBytes, shortenSuffixes(header, sizeBytes), { combine: true });
  if (ranges === -1) {
    return 'outside';
  }
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length > MOST_RANGES) {
    return 'whole';
  }
  return [...ranges];
}

/** The last so many bytes of a file that has fewer are all of it (RFC 9110 §14.1.2); range-parser calls them outside. */
function shortenSuffixes(header: string, sizeBytes: number): string {
  return header.replace(/([=,]\s*)-(\d+)/g, (suffix: string, lead: string, count: string) =>
    Number(count) > sizeBytes ? `${lead}-${sizeBytes}` : suffix,
  );
}
