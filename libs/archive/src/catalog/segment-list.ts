import { ticks, wallTime, type TrackDescription } from '@clipmesh/media';
import { packObject, unpackedView } from '../index/packed-object';
import type { PackedTrack, SegmentEntry, TrackSummary } from '../index/segment-entry';
import type { BlobList } from '../record/blob-list';
import type { HeaderReader } from '../record/header-reader';
import { describeTrack, readTrackDescription } from '../record/track-description';

/** Segments in the order of their time; of equal starts, by key: so that a list does not tell how it came about. */
export function sortSegments(entries: readonly SegmentEntry[]): SegmentEntry[] {
  return [...entries].sort((a, b) => a.startMs - b.startMs || compareTexts(a.key, b.key));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Segments as members of a record's header; tables and leaves become blobs. Read with {@link readSegments}. */
export function describeSegments(entries: readonly SegmentEntry[], blobs: BlobList): object {
  const descriptions = new DescriptionList(blobs);
  const segments = entries.map((entry) => {
    const packed = packObject(entry);
    return {
      bucket: entry.bucket,
      key: entry.key,
      etag: entry.etag,
      sha256: entry.sha256,
      row: [entry.sizeBytes, entry.startMs, entry.endMs, entry.indexedAtMs, blobs.add(packed.leaves)],
      tracks: packed.tracks.map((track) => trackRow(track, descriptions, blobs)),
    };
  });
  return { descriptions: descriptions.items, segments };
}

export function readSegments(header: HeaderReader): SegmentEntry[] {
  const descriptions = header.at('descriptions').list(readTrackDescription);
  return header.at('segments').list((reader) => readSegment(reader, descriptions));
}

function readSegment(reader: HeaderReader, descriptions: readonly TrackDescription[]): SegmentEntry {
  const row = reader.at('row').row(5);
  const [sizeBytes = 0, startMs = 0, endMs = 0, indexedAtMs = 0] = row;
  const tracks = reader.at('tracks').list((track) => readTrack(track, descriptions));
  const facts = {
    bucket: reader.at('bucket').text(),
    key: reader.at('key').text(),
    etag: reader.at('etag').text(),
    sha256: reader.at('sha256').text(),
    sizeBytes,
    startMs: wallTime(startMs),
    endMs: wallTime(endMs),
    indexedAtMs: wallTime(indexedAtMs),
  };
  // Onto the view, not from it: its getters must stay getters.
  return Object.assign(unpackedView({ leaves: reader.blobOf(row[4]), tracks }), facts);
}

/** Descriptions hardly ever differ between segments: each is kept once. */
class DescriptionList {
  readonly items: object[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly blobs: BlobList) {}

  add(track: TrackDescription): number {
    const { kind, timescale, codec, width, height, matrix, language, sampleEntry } = track;
    const entry = Buffer.from(sampleEntry).toString('latin1');
    const identity = JSON.stringify([kind, timescale, codec, width, height, matrix, language, entry]);
    const known = this.numbers.get(identity);
    if (known !== undefined) {
      return known;
    }
    this.items.push(describeTrack(track, this.blobs));
    this.numbers.set(identity, this.items.length - 1);
    return this.items.length - 1;
  }
}

function trackRow(track: PackedTrack, descriptions: DescriptionList, blobs: BlobList): readonly number[] {
  const { summary } = track;
  return [
    descriptions.add(summary),
    blobs.add(track.bytes),
    summary.sampleCount,
    summary.decodeStart,
    summary.decodeEnd,
    summary.lastDuration,
    summary.presentationStart,
    summary.presentationEnd,
  ];
}

function readTrack(reader: HeaderReader, descriptions: readonly TrackDescription[]): PackedTrack {
  const row = reader.row(8);
  const description =
    descriptions[row[0] ?? -1] ?? reader.fail('names a track description that is not there');
  const [sampleCount = 0, decodeStart = 0, decodeEnd = 0, lastDuration = 0, shownFrom = 0, shownTo = 0] =
    row.slice(2);
  const summary: TrackSummary = {
    ...description,
    sampleCount,
    decodeStart: ticks(decodeStart),
    decodeEnd: ticks(decodeEnd),
    lastDuration: ticks(lastDuration),
    presentationStart: ticks(shownFrom),
    presentationEnd: ticks(shownTo),
  };
  return { summary, bytes: reader.blobOf(row[1]) };
}
