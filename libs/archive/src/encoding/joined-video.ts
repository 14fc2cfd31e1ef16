import {
  decodeTimes,
  encodeTrackIndex,
  ticks,
  type TrackDescription,
  type TrackIndex,
} from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { IndexedObject } from '../index/segment-entry';
import { packObject } from '../index/packed-object';
import type { PlanRun, PlanTrack } from '../plan/movie-plan';
import { canShareSampleEntry } from '../plan/sample-entry-identity';
import type { JoinedObjects } from './joined-objects';
import type { PlacedPiece } from './placed-pieces';
import { timedRanges, type TimedRange } from './timed-ranges';

export interface JoinedTrack {
  readonly track: PlanTrack;
  readonly ranges: readonly TimedRange[];
}

/** A piece with its frames: when each is shown, and in which order they are shown. */
interface OpenedPiece {
  readonly placed: PlacedPiece;
  readonly index: TrackIndex;
  /** In decode order, from the start of the piece. */
  readonly shown: Float64Array;
  /** The same, ascending. */
  readonly sorted: Float64Array;
}

/**
 * The video of all pieces as one track. Decode times are made anew, from presentation times alone: what an encoder counts before
 * its first frame differs from part to part where the frame rate varies, and would shift pictures at a seam. Frame
 * `n` in decode order is decoded when frame `n` in presentation order is shown, all of them the same reordering delay
 * later; so every frame lasts until the next one, over seams as elsewhere.
 */
export function joinVideo(
  pieces: readonly PlacedPiece[],
  timescale: number,
  objects: JoinedObjects,
): JoinedTrack {
  const opened = pieces.map((placed) => openPiece(placed, timescale));
  const [first] = opened;
  if (first === undefined) {
    throw new ExportError('OutputInvalid', { message: 'nothing was encoded' });
  }
  const description = describe(first.index, timescale);
  const delay = Math.max(...opened.map(delayOf));
  const runs: PlanRun[] = [];
  const ranges: TimedRange[] = [];
  opened.forEach((piece, i) => {
    expectSameEntry(description, piece);
    const object = objects.numberOf(piece.placed.piece.object, piece.placed);
    const end = nextStart(opened[i + 1], piece);
    runs.push(runOf(piece, object, end, delay));
    ranges.push(...rangesOf(piece, object, timescale));
  });
  const last = opened.at(-1)?.placed;
  const duration = ticks((last?.at ?? 0) + lengthOf(last));
  return { track: { ...description, presentation: { mediaTime: ticks(delay), duration }, runs }, ranges };
}

function openPiece(placed: PlacedPiece, timescale: number): OpenedPiece {
  const index = placed.piece.object.tracks.find(({ kind }) => kind === 'video');
  if (index === undefined || index.samples.count === 0) {
    throw invalid(placed.piece.object, 'has no pictures');
  }
  if (index.timescale !== timescale) {
    throw invalid(placed.piece.object, `counts ${index.timescale} ticks a second instead of ${timescale}`);
  }
  const shown = shownTimes(index);
  const sorted = Float64Array.from(shown).sort();
  const [earliest = 0] = sorted;
  const latest = sorted.at(-1) ?? 0;
  if (earliest < 0 || latest >= lengthOf(placed)) {
    const what = `shows pictures from ${earliest} to ${latest} in a piece of ${lengthOf(placed)} ticks`;
    throw invalid(placed.piece.object, what);
  }
  return { placed, index, shown, sorted };
}

function shownTimes({ samples, decodeStart }: TrackIndex): Float64Array {
  const shown = decodeTimes(samples);
  for (let i = 0; i < shown.length; i++) {
    shown[i] = (shown[i] ?? 0) + decodeStart + (samples.compositionOffsets[i] ?? 0);
  }
  return shown;
}

const lengthOf = (placed: PlacedPiece | undefined): number =>
  placed === undefined ? 0 : placed.piece.to - placed.piece.from;

/** How much later than in its turn the latest frame in decode order is shown at least. */
function delayOf({ shown, sorted }: OpenedPiece): number {
  return shown.reduce((delay, time, i) => Math.max(delay, (sorted[i] ?? 0) - time), 0);
}

/** When the first frame of the next piece is shown; a frame that is missing there lengthens the one before it. */
function nextStart(next: OpenedPiece | undefined, { placed }: OpenedPiece): number {
  return next === undefined ? placed.at + lengthOf(placed) : next.placed.at + (next.sorted[0] ?? 0);
}

function runOf(
  { placed, index, shown, sorted }: OpenedPiece,
  object: number,
  end: number,
  delay: number,
): PlanRun {
  const { count } = index.samples;
  const durations = new Uint32Array(count);
  const compositionOffsets = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const time = sorted[i] ?? 0;
    durations[i] = (i + 1 < count ? (sorted[i + 1] ?? 0) : end - placed.at) - time;
    compositionOffsets[i] = (shown[i] ?? 0) - time + delay;
  }
  const lastDuration = ticks(durations[count - 1] ?? 0);
  const track = encodeTrackIndex({
    ...index,
    decodeStart: ticks(0),
    samples: { ...index.samples, durations, compositionOffsets },
  });
  return {
    object,
    wallStartMs: placed.wallStartMs,
    decodeStart: ticks(placed.at + (sorted[0] ?? 0)),
    firstSample: 0,
    sampleCount: count,
    lastDuration,
    track,
  };
}

function rangesOf({ placed, index, shown }: OpenedPiece, object: number, timescale: number): TimedRange[] {
  const { samples } = index;
  return timedRanges({
    object,
    packedLeaves: packObject(placed.piece.object).leaves,
    samples,
    from: 0,
    to: samples.count,
    secondsOf: (sample) => (placed.at + (shown[sample] ?? 0)) / timescale,
  });
}

function expectSameEntry(description: TrackDescription, { placed, index }: OpenedPiece): void {
  if (!canShareSampleEntry(description, index)) {
    throw invalid(placed.piece.object, 'has another codec configuration than the parts before it');
  }
}

/** All parts were encoded with the same settings: what does not join is a defect of the encoding. */
function invalid({ key }: IndexedObject, what: string): ExportError {
  return new ExportError('OutputInvalid', { message: `the encoded part ${key} ${what}`, details: { key } });
}

function describe(index: TrackIndex, timescale: number): TrackDescription {
  const { kind, sampleEntry, codec, width, height, matrix, language } = index;
  return { kind, timescale, sampleEntry, codec, width, height, matrix, language };
}
