import { encodeTrackIndex, ticks, type TrackDescription, type TrackIndex } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { packObject } from '../index/packed-object';
import type { PlanRun, PlanTrack } from '../plan/movie-plan';
import { canShareSampleEntry } from '../plan/sample-entry-identity';
import { invalidPiece, openPictures, retimed, type EncodedPictures } from './encoded-pictures';
import type { JoinedObjects } from './joined-objects';
import type { PlacedPiece } from './placed-pieces';
import { timedRanges, type TimedRange } from './timed-ranges';

export interface JoinedTrack {
  readonly track: PlanTrack;
  readonly ranges: readonly TimedRange[];
}

interface OpenedPiece extends EncodedPictures {
  readonly placed: PlacedPiece;
}

/** The video of all pieces as one track, in which every frame lasts until the next one, over seams as elsewhere. */
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
  return { placed, ...openPictures(placed.piece.object, timescale, lengthOf(placed)) };
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

function runOf(piece: OpenedPiece, object: number, end: number, delay: number): PlanRun {
  const { placed, index, sorted } = piece;
  const { count } = index.samples;
  const track = retimed(piece, end - placed.at, delay);
  return {
    object,
    wallStartMs: placed.wallStartMs,
    decodeStart: ticks(placed.at + (sorted[0] ?? 0)),
    firstSample: 0,
    sampleCount: count,
    lastDuration: ticks(track.samples.durations[count - 1] ?? 0),
    track: encodeTrackIndex({ ...track, decodeStart: ticks(0) }),
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
    throw invalidPiece(placed.piece.object, 'has another codec configuration than the parts before it');
  }
}

function describe(index: TrackIndex, timescale: number): TrackDescription {
  const { kind, sampleEntry, codec, width, height, matrix, language } = index;
  return { kind, timescale, sampleEntry, codec, width, height, matrix, language };
}
