import { wallTime, type TimeRange } from '@clipmesh/media';
import type { SegmentEntry } from '../index/segment-entry';
import { BlobList } from '../record/blob-list';
import { decodeContainer, encodeContainer } from '../record/container';
import { HeaderReader } from '../record/header-reader';
import type { CatalogHour, FoldedIndex, FoldedSpans } from './catalog-hour';
import { describeSegments, readSegments, sortSegments } from './segment-list';

const HOUR_MAGIC = 'CMCH';
const INDEX_MAGIC = 'CMIX';
const FORMAT = 1;

export function encodeCatalogHour(hour: CatalogHour): Uint8Array {
  const blobs = new BlobList();
  const header = {
    hour: hour.hour,
    endMs: hour.endMs,
    folded: hour.folded.map(describeFolded),
    inline: describeSegments(hour.inline, blobs),
  };
  return encodeContainer(HOUR_MAGIC, FORMAT, header, blobs.blobs);
}

/** Throws `RecordCorrupt`, or `FormatUnsupported` for an entry of a newer release. */
export function decodeCatalogHour(bytes: Uint8Array): CatalogHour {
  const header = HeaderReader.of(HOUR_MAGIC, decodeContainer(HOUR_MAGIC, FORMAT, bytes));
  return {
    format: FORMAT,
    hour: header.at('hour').count(),
    endMs: wallTime(header.at('endMs').count()),
    folded: header.at('folded').list(readFolded),
    inline: readSegments(header.at('inline')),
  };
}

function describeFolded({ spans, ...facts }: FoldedIndex): object {
  return spans === undefined
    ? facts
    : {
        ...facts,
        spans: {
          joinedOverMs: spans.joinedOverMs,
          rows: spans.ranges.map(({ startMs, endMs }) => [startMs, endMs]),
        },
      };
}

function readFolded(reader: HeaderReader): FoldedIndex {
  const keyPrints = reader.at('keyPrints');
  const spans = reader.at('spans');
  return {
    key: reader.at('key').text(),
    sha256: reader.at('sha256').text(),
    sizeBytes: reader.at('sizeBytes').count(),
    count: reader.at('count').count(),
    startMs: wallTime(reader.at('startMs').integer()),
    endMs: wallTime(reader.at('endMs').integer()),
    ...(keyPrints.isAbsent ? {} : { keyPrints: keyPrints.text() }),
    ...(spans.isAbsent ? {} : { spans: readSpans(spans) }),
  };
}

function readSpans(reader: HeaderReader): FoldedSpans {
  const ranges = reader.at('rows').list((row): TimeRange => {
    const [startMs = 0, endMs = 0] = row.row(2);
    return { startMs: wallTime(startMs), endMs: wallTime(endMs) };
  });
  return { joinedOverMs: reader.at('joinedOverMs').count(), ranges };
}

/** An index object. The same segments give the same bytes, in whatever order they are given. */
export function encodeIndexObject(entries: readonly SegmentEntry[]): Uint8Array {
  const blobs = new BlobList();
  const header = describeSegments(sortSegments(entries), blobs);
  return encodeContainer(INDEX_MAGIC, FORMAT, header, blobs.blobs);
}

/** In order of time. Throws `RecordCorrupt`, or `FormatUnsupported` for an object of a newer release. */
export function decodeIndexObject(bytes: Uint8Array): SegmentEntry[] {
  return readSegments(HeaderReader.of(INDEX_MAGIC, decodeContainer(INDEX_MAGIC, FORMAT, bytes)));
}
