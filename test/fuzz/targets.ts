import {
  decodeCatalogHour,
  decodeIndexObject,
  decodeMoviePlan,
  emptyHour,
  encodeCatalogHour,
  encodeIndexObject,
  encodeMoviePlan,
  leafCuts,
  planMovie,
  SegmentIndexer,
  toMovie,
  type SegmentEntry,
} from '@clipmesh/archive';
import {
  BoxCollector,
  decodeTrackIndex,
  encodeTrackIndex,
  layOutMovie,
  printBoxes,
  readObjectIndex,
  wallTime,
} from '@clipmesh/media';
import { parseTopology, SAMPLES } from '@clipmesh/pipeline';
import { ExportError } from '@clipmesh/errors';
import { EXPORT_REFUSALS, exportAfter } from './export-target';
import type { Mutate } from './mutate';
import { mutateRecording } from './mutate';
import { mutateBytes } from './mutate-bytes';
import { mutateRecord, mutateText } from './mutate-record';
import type { Random } from './random';
import { RECORDINGS } from './recordings';

/** A reader of bytes that others wrote. */
export interface FuzzTarget {
  readonly name: string;
  /** Bytes that are right: what mutation begins with. */
  readonly seeds: readonly [Buffer, ...Buffer[]];
  /** Codes that the reader may refuse bytes with. */
  readonly refusals: RegExp;
  /** Whether bytes are refused before a field of theirs is looked at: by the walk from box to box, or a record's frame. */
  readonly isEarly: (refusal: ExportError) => boolean;
  readonly mutate: Mutate;
  /** Bound of all array buffers that one reading may ask for. */
  readonly memory: { readonly fixedBytes: number; readonly bytesPerByte: number };
  readonly read: (bytes: Buffer, random: Random) => void;
}

const SEGMENT_CODES = /^(Segment(NotMp4|Truncated|Corrupt)|CodecUnsupported)$/;
const RECORD_CODES = /^(RecordCorrupt|FormatUnsupported|SegmentCorrupt)$/;
/** No more samples are believed than an object has bytes: 13 bytes of columns for each, while they grow three times that. */
const RECORDING_MEMORY = { fixedBytes: 64 * 1024, bytesPerByte: 128 };
/** Also the right recording before it, the plan, and the file that is read again. */
const EXPORT_MEMORY = { fixedBytes: 256 * 1024, bytesPerByte: 256 };
/** Columns of 2 million samples, which a few bytes of run lengths can promise, twice. */
const RECORD_MEMORY = { fixedBytes: 64 * 1024 * 1024, bytesPerByte: 64 };
const START_MS = Date.UTC(2026, 9, 31, 5);

/** What is taken must also be kept as it is, and cut into leaves that tile the object. */
function readRecording(bytes: Buffer, random: Random): void {
  const collector = new BoxCollector();
  for (let at = 0; at < bytes.length;) {
    const length = 1 + random.below(bytes.length);
    collector.push(bytes.subarray(at, at + length));
    at += length;
  }
  const index = readObjectIndex(collector.finish(), bytes.length);
  for (const track of index.tracks) {
    const again = encodeTrackIndex(decodeTrackIndex(encodeTrackIndex(track)));
    expectThat(Buffer.compare(again, encodeTrackIndex(track)) === 0, 'the index changes when it is stored');
  }
  const ends = leafCuts(index);
  expectThat(ends.at(-1) === bytes.length, 'the leaves do not reach to the end of the object');
  expectThat(
    ends.every((end, i) => end > (ends[i - 1] ?? 0)),
    'the leaves do not tile the object',
  );
}

function expectThat(holds: boolean, problem: string): void {
  if (!holds) {
    throw new Error(problem);
  }
}

/** Looks at all that is unpacked only when it is asked for. */
function look(segments: readonly SegmentEntry[]): void {
  for (const segment of segments) {
    expectThat(segment.tracks.length + segment.leaves.length >= 0, 'a segment cannot be counted');
  }
}

function entryOf(bytes: Buffer, number: number): SegmentEntry {
  const indexer = new SegmentIndexer();
  indexer.push(bytes);
  const { index, leaves = [], sha256, sizeBytes } = indexer.finish();
  const startMs = wallTime(START_MS + 1000 * number);
  return {
    ...{ bucket: 'archive', key: `gate/${String(number)}.mp4`, etag: sha256.slice(0, 32), sha256, sizeBytes },
    ...{ leaves, tracks: index.tracks, startMs, endMs: wallTime(startMs + 800), indexedAtMs: startMs },
  };
}

export function makeTargets(): readonly FuzzTarget[] {
  const [first = Buffer.alloc(0), ...others] = RECORDINGS;
  // One camera, twice the same recording.
  const entries = [entryOf(first, 0), entryOf(first, 1)] as const;
  const [track] = entries[0].tracks;
  const range = { startMs: wallTime(START_MS + 100), endMs: wallTime(START_MS + 1700) };
  const plan = planMovie({
    ...{ video: { id: 'v1', name: 'gate' }, ranges: [range], segments: [entries], edges: 'edit-list' },
    ...{ gaps: 'collapse', gapThresholdMs: 1000, catalogRevisions: [] },
  });
  const hour = { ...emptyHour(Math.floor(START_MS / 3600_000)), inline: entries };
  const of = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
  const seeds: readonly [Buffer, ...Buffer[]] = [first, ...others];
  const recordings = {
    ...{ seeds, refusals: SEGMENT_CODES, mutate: mutateRecording(seeds) },
    ...{ isEarly: isOfBoxWalk, memory: RECORDING_MEMORY },
  } as const;
  const records = {
    ...{ refusals: RECORD_CODES, mutate: mutateRecord, isEarly: isOfFrame },
    memory: RECORD_MEMORY,
  };
  return [
    { ...recordings, name: 'recording', read: readRecording },
    {
      ...{ ...recordings, name: 'export', memory: EXPORT_MEMORY, refusals: EXPORT_REFUSALS },
      read: exportAfter(entries[0]),
    },
    { ...recordings, name: 'box tree', read: printBoxes },
    {
      ...{ ...records, name: 'track index', mutate: mutateBytes, read: decodeTrackIndex },
      seeds: [of(track === undefined ? first : encodeTrackIndex(track))],
    },
    {
      ...{ ...records, name: 'catalog hour', seeds: [of(encodeCatalogHour(hour))] },
      read: (bytes) => {
        look(decodeCatalogHour(bytes).inline);
      },
    },
    {
      ...{ ...records, name: 'index object', seeds: [of(encodeIndexObject(entries))] },
      read: (bytes) => {
        look(decodeIndexObject(bytes));
      },
    },
    { ...records, name: 'movie plan', seeds: [of(encodeMoviePlan(plan))], read: decodeMoviePlan },
    {
      // A plan that contradicts itself is a defect of ours to whoever lays it out, and must be no worse.
      ...{ ...records, name: 'planned file', seeds: [of(encodeMoviePlan(plan))] },
      refusals: /^(RecordCorrupt|FormatUnsupported|SegmentCorrupt|InternalError)$/,
      read: (bytes) => {
        layOutMovie(toMovie(decodeMoviePlan(bytes)));
      },
    },
    {
      ...{ ...records, name: 'topology', mutate: mutateText, read: readTopology },
      refusals: /^(RecordCorrupt|TopologyInvalid)$/,
      seeds: [of(Buffer.from(JSON.stringify(SAMPLES[0]?.topology)))],
    },
  ];
}

const WALKED: ReadonlySet<unknown> = new Set('ftyp moov trak edts mdia minf stbl mvex moof traf'.split(' '));

function isOfBoxWalk({ code, message, details }: ExportError): boolean {
  return (
    /^Segment(NotMp4|Truncated)$/.test(code) ||
    WALKED.has(details.box) ||
    / bytes of the \d+ left in its | bytes that are no box| is one of more than |lies at byte /.test(message)
  );
}

function isOfFrame({ code, message }: ExportError): boolean {
  return (
    code === 'FormatUnsupported' ||
    /no JSON|does not begin with|claims \d+ bytes and has|claims \d+ blobs/.test(message)
  );
}

function readTopology(bytes: Buffer): void {
  const reading = parseTopology(parsed(bytes));
  if ('problems' in reading) {
    throw new ExportError('TopologyInvalid', { message: reading.problems[0].message });
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch (cause) {
    // Not ours to read: JSON.parse has refused it.
    throw new ExportError('RecordCorrupt', { message: 'no JSON', cause });
  }
}
