import { ticks, wallTime, type TrackDescription, type WallTime } from '@clipmesh/media';
import { packObject, UnpackedView } from '../index/packed-object';
import type { PackedObject, PackedTrack, SegmentEntry, TrackSummary } from '../index/segment-entry';
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

/** Plain members throughout: a day has 21,600 of these, and spreading them costs ten times as much. */
class StoredSegment extends UnpackedView implements SegmentEntry {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly startMs: WallTime;
  readonly endMs: WallTime;
  readonly indexedAtMs: WallTime;

  constructor(reader: HeaderReader, row: readonly number[], packed: PackedObject) {
    super(packed);
    this.bucket = reader.textAt('bucket');
    this.key = reader.textAt('key');
    this.etag = reader.textAt('etag');
    this.sha256 = reader.textAt('sha256');
    this.sizeBytes = row[0] ?? 0;
    this.startMs = wallTime(row[1] ?? 0);
    this.endMs = wallTime(row[2] ?? 0);
    this.indexedAtMs = wallTime(row[3] ?? 0);
  }
}

function readSegment(reader: HeaderReader, descriptions: readonly TrackDescription[]): SegmentEntry {
  const row = reader.rowAt('row', 5);
  return new StoredSegment(reader, row, {
    leaves: reader.blobOf(row[4]),
    tracks: reader.at('tracks').list((track) => readTrack(track, descriptions)),
  });
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
  const of = descriptions[row[0] ?? -1] ?? reader.fail('names a track description that is not there');
  return { summary: summaryOf(of, row), bytes: reader.blobOf(row[1]) };
}

function summaryOf(of: TrackDescription, row: readonly number[]): TrackSummary {
  return {
    kind: of.kind,
    timescale: of.timescale,
    codec: of.codec,
    width: of.width,
    height: of.height,
    matrix: of.matrix,
    language: of.language,
    sampleEntry: of.sampleEntry,
    sampleCount: row[2] ?? 0,
    decodeStart: ticks(row[3] ?? 0),
    decodeEnd: ticks(row[4] ?? 0),
    lastDuration: ticks(row[5] ?? 0),
    presentationStart: ticks(row[6] ?? 0),
    presentationEnd: ticks(row[7] ?? 0),
  };
}
