import { openBox } from '../box/box';
import { readMoov, type Moov } from '../box/moov';
import { readSampleEntry } from '../box/sample-entry';
import { readStbl, type Stbl } from '../box/stbl';
import { ExportError } from '@clipmesh/errors';
import { corruptBox } from '../bytes/box-error';
import type { TopLevelBox } from './box-collector';
import { expandStbl } from './expand-stbl';
import { FragmentReader } from './fragments';
import { MediaData } from './media-data';
import { decodeStartFrom, decodeStartInMovie } from './media-origin';
import { expandFrames, tellsOfFrames } from './pcm-frames';
import type { SampleTable } from './sample-table';
import type { ObjectIndex, TrackDescription, TrackIndex, TrackKind } from './track';
import { TrackReading } from './track-reading';

const HANDLERS: Readonly<Record<TrackKind, string>> = { video: 'vide', audio: 'soun' };

// In ticks. Times computed from it, offsets included, stay whole numbers that a double holds.
const LONGEST_TRACK = 2 ** 52;

/** A track with its samples read. */
interface ReadTrack {
  readonly reading: TrackReading;
  readonly table: SampleTable;
  readonly description: TrackDescription;
}

/**
 * What times of an index are counted from: the first track's first frame, as recorders announce it, or time 0 of the movie, as its
 * edit lists say.
 */
export type IndexOrigin = 'first-frame' | 'movie';

/**
 * Builds the index of an MP4 object, fragmented or progressive, from its top-level boxes as `BoxCollector`
 * gives them. Takes the first video and the first audio track and leaves others alone.
 */
export function readObjectIndex(
  boxes: readonly TopLevelBox[],
  sizeBytes: number,
  origin: IndexOrigin = 'first-frame',
): ObjectIndex {
  expectTiled(boxes, sizeBytes);
  const moov = readOnlyMoov(boxes);
  const readings = [chooseTrack(moov, 'video', sizeBytes), chooseTrack(moov, 'audio', sizeBytes)].filter(
    (track) => track !== undefined,
  );
  const media = new MediaData(boxes, sizeBytes);
  const entries = readings.map((track) => readMovieSamples(track, media));
  const fragments = new FragmentReader(readings, moov.trexes, media);
  for (const box of boxes) {
    if (box.type === 'moof') {
      fragments.read(box, bytesOf(box));
    }
  }
  const tracks = readings.flatMap((reading, i) => finishTrack(reading, entries[i] ?? []));
  return { sizeBytes, tracks: placeInTime(tracks, moov.mvhd.timescale, origin) };
}

function expectTiled(boxes: readonly TopLevelBox[], sizeBytes: number): void {
  let end = 0;
  for (const box of boxes) {
    if (box.offset !== end) {
      throw corruptBox(box.type, `lies at byte ${box.offset}, the box before ends at ${end}`);
    }
    end += box.sizeBytes;
  }
  if (end > sizeBytes) {
    throw new ExportError('SegmentTruncated', {
      message: `the object has ${sizeBytes} bytes, its boxes claim ${end}`,
      details: { sizeBytes, claimedBytes: end },
    });
  }
}

function bytesOf(box: TopLevelBox): Uint8Array {
  if (box.bytes === undefined) {
    throw new ExportError('InternalError', { message: `the bytes of a ${box.type} box were not kept` });
  }
  return box.bytes;
}

/** The object's moov. The same one again, as in segments put one behind another, is harmless. */
function readOnlyMoov(boxes: readonly TopLevelBox[]): Moov {
  const [first, ...others] = boxes.filter((box) => box.type === 'moov').map(bytesOf);
  if (first === undefined) {
    throw new ExportError('SegmentCorrupt', {
      message: 'the object has no moov box',
      hint: 'Record segments that begin with their own ftyp and moov.',
      details: { box: 'moov' },
    });
  }
  if (others.some((other) => Buffer.compare(first, other) !== 0)) {
    throw corruptBox('moov', 'comes twice with different contents');
  }
  return readMoov(openBox(first, 'moov'));
}

function chooseTrack(moov: Moov, kind: TrackKind, sizeBytes: number): TrackReading | undefined {
  const trak = moov.traks.find((candidate) => candidate.handlerType === HANDLERS[kind]);
  if (trak?.isSelfContained === false) {
    throw new ExportError('CodecUnsupported', {
      message: `the ${kind} lies in another file, as its dref box says`,
      details: { box: 'dref', kind },
    });
  }
  return trak && new TrackReading(kind, trak, sizeBytes);
}

/** Samples that the moov itself tells of; returns the sample entries, which fragments choose from as well. */
function readMovieSamples(track: TrackReading, media: MediaData): readonly Uint8Array[] {
  const stbl = readStbl(track.trak.stbl);
  const description = expandTables(stbl, track, media);
  if (description !== 0) {
    track.useDescription(description, 'stsc');
    track.elapsed = track.table.sumOfDurations();
  }
  return stbl.sampleEntries;
}

function expandTables(stbl: Stbl, track: TrackReading, media: MediaData): number {
  const entry = stbl.sampleEntries[(stbl.stsc[2] ?? 0) - 1];
  if (track.kind === 'video' || entry === undefined || !tellsOfFrames(stbl)) {
    return expandStbl(stbl, media, track.table);
  }
  const { packing } = readSampleEntry(entry, HANDLERS.audio);
  return expandFrames(stbl, packing, track.trak.mdhd.timescale, media, track.table);
}

/** None for a track without samples: an object may declare sound and have none. */
function finishTrack(reading: TrackReading, entries: readonly Uint8Array[]): readonly ReadTrack[] {
  if (reading.table.count === 0) {
    return [];
  }
  if (reading.elapsed > LONGEST_TRACK) {
    throw corruptBox('stts', `or trun boxes have durations that add up to ${reading.elapsed} ticks`);
  }
  const table = reading.table.build();
  closeLastSample(table.durations, reading.trak.mdhd.timescale);
  if (reading.kind === 'audio') {
    // Every sample of sound is one that decoding can start at, whatever flags a recorder left at their default.
    table.syncs.fill(1);
  } else if (table.syncs[0] !== 1) {
    throw new ExportError('SegmentCorrupt', {
      message: 'the video does not begin with a sync sample',
      hint: 'Cut segments at key frames.',
    });
  }
  return [{ reading, table, description: describe(reading, entries) }];
}

/**
 * Recorders that learn a sample's duration from the next one leave the last with 0. It lasts as long as the one
 * before it, a lone one a millisecond: else it would be shown at the same time as what follows it in the next segment.
 */
function closeLastSample(durations: Uint32Array, timescale: number): void {
  const last = durations.length - 1;
  if (durations[last] === 0) {
    durations[last] = durations[last - 1] || Math.ceil(timescale / 1000);
  }
}

function describe(reading: TrackReading, entries: readonly Uint8Array[]): TrackDescription {
  const { tkhd, mdhd, handlerType } = reading.trak;
  const sampleEntry = entries[reading.description - 1];
  if (sampleEntry === undefined) {
    throw corruptBox('stsd', `has ${entries.length} entries, samples use number ${reading.description}`);
  }
  const facts = readSampleEntry(sampleEntry, handlerType);
  const isVideo = reading.kind === 'video';
  return {
    kind: reading.kind,
    timescale: mdhd.timescale,
    sampleEntry,
    codec: facts.codec,
    width: isVideo ? Math.round(tkhd.width / 65_536) || facts.width : 0,
    height: isVideo ? Math.round(tkhd.height / 65_536) || facts.height : 0,
    matrix: tkhd.matrix,
    language: mdhd.language,
  };
}

/** Puts decode times on the one timeline. */
function placeInTime(
  tracks: readonly ReadTrack[],
  movieTimescale: number,
  origin: IndexOrigin,
): readonly TrackIndex[] {
  const [reference] = tracks;
  if (reference === undefined) {
    throw new ExportError('SegmentCorrupt', { message: 'the object has no samples of video or audio' });
  }
  return tracks.map(({ reading, table, description }) => ({
    ...description,
    decodeStart:
      origin === 'movie'
        ? decodeStartInMovie(reading, movieTimescale)
        : decodeStartFrom(reference.reading, reference.table, reading, movieTimescale),
    samples: table,
  }));
}
