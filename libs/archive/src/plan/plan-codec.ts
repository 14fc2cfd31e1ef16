import { ticks, wallTime, type MediaRange, type TimeRange } from '@clipmesh/media';
import { BlobList } from '../record/blob-list';
import { decodeContainer, encodePieces } from '../record/container';
import { HeaderReader } from '../record/header-reader';
import { jsonRows } from '../record/json-rows';
import { describeTrack, readTrackDescription } from '../record/track-description';
import type { Gap, MoviePlan, PlanObject, PlanRun, PlanTrack, PlanWarning, PlanWindow } from './movie-plan';
import { PackedPlanObject, packedLeavesOf } from './plan-object';

const MAGIC = 'CMPL';
const FORMAT = 1;
const EDGES = ['edit-list', 'keyframe-before', 'keyframe-after', 'smart', 'exact'] as const;
const WARNINGS = [
  'RangePartlyRecorded',
  'GapsClosed',
  'OverlapDrift',
  'EdgesMoved',
  'WaitedForMedia',
  'ConfigurationChanged',
  'OpenGopEntered',
] as const satisfies readonly PlanWarning['code'][];
const GAP_REASONS = ['not-recorded', 'undecodable'] as const satisfies readonly Gap['reason'][];

/** A plan as an object of the store: a day's is too large for a message. */
export function encodeMoviePlan(plan: MoviePlan): Uint8Array {
  const blobs = new BlobList();
  return encodePieces(MAGIC, FORMAT, headerOf(plan, blobs), blobs.blobs);
}

/** The members of one object, the long lists among them in pieces. */
function* headerOf(plan: MoviePlan, blobs: BlobList): Generator<string> {
  const facts = {
    video: plan.video,
    requested: plan.requested.map(rangeRow),
    delivered: plan.delivered.map(rangeRow),
    gaps: plan.gaps.map((gap) => ({ reason: gap.reason, range: rangeRow(gap) })),
    edges: plan.edges,
    warnings: plan.warnings,
    catalogRevisions: plan.catalogRevisions.map(({ hour, revision }) => [hour, revision]),
  };
  yield `${membersOf(facts)},"objects":`;
  yield* jsonRows(plan.objects, (object) => describeObject(object, blobs));
  if (plan.sources !== undefined) {
    yield ',"sources":';
    yield* jsonRows(plan.sources, (object) => describeObject(object, blobs));
  }
  yield ',"ranges":';
  yield* jsonRows(plan.ranges, (range) => mediaRow(range, blobs));
  yield ',"tracks":[';
  for (const [i, track] of plan.tracks.entries()) {
    const { mediaTime, duration } = track.presentation;
    const trackFacts = {
      description: describeTrack(track, blobs),
      presentation: [mediaTime, duration],
    };
    yield `${i === 0 ? '' : ','}${membersOf(trackFacts)},"runs":`;
    yield* jsonRows(track.runs, (run) => runRow(run, blobs));
    yield '}';
  }
  yield `],"windows":${JSON.stringify(plan.windows.map(windowRow))}}`;
}

/** An object without its closing brace. */
const membersOf = (object: object): string => JSON.stringify(object).slice(0, -1);

/** Bytes of our own are a blob; no object has the number -1. */
const INLINE = -1;

function mediaRow(range: MediaRange, blobs: BlobList): readonly number[] {
  return 'inline' in range
    ? [INLINE, blobs.add(range.inline), range.inline.length]
    : [range.object, range.offset, range.length];
}

/** In a window's row, where nothing of it is copied. */
const NOT_COPIED = -1;

function windowRow({ range, from, to, isCopied, copiedTo }: PlanWindow): readonly number[] {
  const row = [range, from, to];
  const isWhole = isCopied === undefined && copiedTo === undefined;
  return isWhole ? row : [...row, isCopied ? 1 : 0, copiedTo ?? NOT_COPIED];
}

const rangeRow = ({ startMs, endMs }: TimeRange): readonly number[] => [startMs, endMs];

function describeObject(object: PlanObject, blobs: BlobList): object {
  const { bucket, key, etag, sha256, sizeBytes, startMs, endMs } = object;
  return {
    bucket,
    key,
    etag,
    sha256,
    row: [sizeBytes, startMs, endMs, blobs.addOnce(packedLeavesOf(object))],
  };
}

function runRow(run: PlanRun, blobs: BlobList): readonly number[] {
  const { object, wallStartMs, decodeStart, firstSample, sampleCount, lastDuration } = run;
  const { skippedSamples = 0, syncPrefixBytes = 0 } = run;
  const row = [
    object,
    wallStartMs,
    decodeStart,
    firstSample,
    sampleCount,
    lastDuration,
    blobs.add(run.track),
  ];
  // Of few runs of few plans, so not in every row of a day.
  return skippedSamples === 0 && syncPrefixBytes === 0 ? row : [...row, skippedSamples, syncPrefixBytes];
}

/** Throws `RecordCorrupt`, or `FormatUnsupported` for a plan of a newer release. */
export function decodeMoviePlan(bytes: Uint8Array): MoviePlan {
  const header = HeaderReader.of(MAGIC, decodeContainer(MAGIC, FORMAT, bytes));
  const objects = header.at('objects').list(readObject);
  return {
    format: FORMAT,
    video: { id: header.at('video').at('id').text(), name: header.at('video').at('name').text() },
    requested: header.at('requested').list(readRange),
    delivered: header.at('delivered').list(readRange),
    gaps: header.at('gaps').list((gap) => ({
      reason: gap.at('reason').textOf(GAP_REASONS),
      ...readRange(gap.at('range')),
    })),
    edges: header.at('edges').textOf(EDGES),
    warnings: header.at('warnings').list((warning) => ({
      code: warning.at('code').textOf(WARNINGS),
      message: warning.at('message').text(),
    })),
    catalogRevisions: header.at('catalogRevisions').list((row) => {
      const [hour = 0, revision = 0] = row.row(2);
      return { hour, revision };
    }),
    objects,
    ...(header.at('sources').isAbsent ? {} : { sources: header.at('sources').list(readObject) }),
    ranges: header.at('ranges').list((row) => readMediaRange(row, objects)),
    tracks: header.at('tracks').list((track) => readTrack(track, objects)),
    windows: header.at('windows').list(readWindow),
  };
}

function readRange(reader: HeaderReader): TimeRange {
  const [startMs = 0, endMs = 0] = reader.row(2);
  return { startMs: wallTime(startMs), endMs: wallTime(endMs) };
}

function readObject(reader: HeaderReader): PlanObject {
  const row = reader.rowAt('row', 4);
  const facts = {
    bucket: reader.textAt('bucket'),
    key: reader.textAt('key'),
    etag: reader.textAt('etag'),
    sha256: reader.textAt('sha256'),
    sizeBytes: row[0] ?? 0,
    startMs: wallTime(row[1] ?? 0),
    endMs: wallTime(row[2] ?? 0),
  };
  return new PackedPlanObject(facts, reader.blobOf(row[3]));
}

function readMediaRange(reader: HeaderReader, objects: readonly PlanObject[]): MediaRange {
  const row = reader.row(3);
  const object = row[0] ?? INLINE;
  const offset = row[1] ?? -1;
  const length = row[2] ?? -1;
  if (object === INLINE) {
    return { inline: reader.blobOf(offset) };
  }
  const sizeBytes = objects[object]?.sizeBytes ?? reader.fail('names an object that is not there');
  if (offset < 0 || length < 0 || offset + length > sizeBytes) {
    reader.fail(`goes beyond the ${sizeBytes} bytes of its object`);
  }
  return { object, offset, length };
}

function readTrack(reader: HeaderReader, objects: readonly PlanObject[]): PlanTrack {
  const [mediaTime = 0, duration = 0] = reader.at('presentation').row(2);
  return {
    ...readTrackDescription(reader.at('description')),
    presentation: { mediaTime: ticks(mediaTime), duration: ticks(duration) },
    runs: reader.at('runs').list((run) => readRunRow(run, objects)),
  };
}

function readRunRow(reader: HeaderReader, objects: readonly PlanObject[]): PlanRun {
  const row = reader.row(7, 9);
  const object = row[0] ?? -1;
  if (objects[object] === undefined) {
    reader.fail('names an object that is not there');
  }
  const run = {
    object,
    wallStartMs: wallTime(row[1] ?? 0),
    decodeStart: ticks(row[2] ?? 0),
    firstSample: row[3] ?? 0,
    sampleCount: row[4] ?? 0,
    lastDuration: ticks(row[5] ?? 0),
    track: reader.blobOf(row[6]),
  };
  return row.length === 7 ? run : { ...run, ...readRareFields(row) };
}

function readRareFields(row: readonly number[]): Pick<PlanRun, 'skippedSamples' | 'syncPrefixBytes'> {
  const [skippedSamples = 0, syncPrefixBytes = 0] = row.slice(7);
  return {
    ...(skippedSamples === 0 ? {} : { skippedSamples }),
    ...(syncPrefixBytes === 0 ? {} : { syncPrefixBytes }),
  };
}

function readWindow(reader: HeaderReader): PlanWindow {
  const [range = 0, from = 0, to = 0, isCopied = 0, copiedTo = NOT_COPIED] = reader.row(3, 5);
  return {
    range,
    from: ticks(from),
    to: ticks(to),
    ...(isCopied === 1 && { isCopied: true as const }),
    ...(copiedTo !== NOT_COPIED && { copiedTo: ticks(copiedTo) }),
  };
}
