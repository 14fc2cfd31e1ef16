import {
  cutAtObjects,
  planOfWindow,
  wallTimeOf,
  type EncodeClock,
  type Gap,
  type MoviePlan,
  type PlacedPart,
  type PlanWindow,
} from '@clipmesh/archive';
import { ExportError, type ErrorCode } from '@clipmesh/errors';
import type { PictureTimes, TickWindow } from '@clipmesh/ffmpeg';
import { wallTime } from '@clipmesh/media';
import type { ObjectRef } from '@clipmesh/object-store';
import type { Encoders } from './encoders';
import type { EncodedPartPieces, WrittenPiece } from './pieces';

/** A part to be encoded, and how. */
export interface PartOrder {
  readonly plan: MoviePlan;
  readonly part: PlacedPart;
  readonly clock: EncodeClock;
  /** Of ffmpeg, for pictures of a window that are to be shown at these times. */
  readonly argumentsOf: (window: TickWindow, times: PictureTimes) => string[];
  /** Which try this is, from 1. */
  readonly attempt: number;
  readonly gaps: 'collapse' | 'fail';
  /** Where its pieces go, counted from 0. */
  readonly refOf: (piece: number) => ObjectRef;
  readonly signal: AbortSignal;
  /** Told of the share that is done, 0 to 1. */
  readonly onProgress: (done: number) => void;
}

/** An ffmpeg that crashes or hangs so often has met something in the media. */
const WHOLE_TRIES = 3;
const MEDIA_SUSPECTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['EncoderCrashed', 'EncoderTimedOut']);

/**
 * Encodes the pictures of a part. Where ffmpeg finds it undecodable, or fails at it three times, segment by segment: what still
 * fails is left out, and told as a gap with ffmpeg's last words.
 */
export async function encodePart(encoders: Encoders, order: PartOrder): Promise<EncodedPartPieces> {
  const { clock, part } = order;
  if (clock.videoTicks(part.start) === clock.videoTicks(part.end)) {
    // A slow grid has no frame in it.
    return { pieces: [], gaps: [] };
  }
  try {
    return { pieces: [await encodeWindow(encoders, order, part, 0)], gaps: [] };
  } catch (thrown) {
    if (!isTheMedia(thrown, order)) {
      throw thrown;
    }
    return encodeBySegments(encoders, order, thrown);
  }
}

function isTheMedia(thrown: unknown, { attempt }: PartOrder): thrown is ExportError {
  return (
    thrown instanceof ExportError &&
    (thrown.code === 'UndecodableMedia' || (MEDIA_SUSPECTS.has(thrown.code) && attempt >= WHOLE_TRIES))
  );
}

async function encodeBySegments(
  encoders: Encoders,
  order: PartOrder,
  whole: ExportError,
): Promise<EncodedPartPieces> {
  const windows = cutAtObjects(order.plan, order.part.window);
  const pieces: WrittenPiece[] = [];
  const gaps: Gap[] = [];
  for (const window of windows) {
    const part = placeInPart(order, window);
    if (order.clock.videoTicks(part.start) === order.clock.videoTicks(part.end)) {
      continue;
    }
    try {
      if (windows.length === 1) {
        throw whole;
      }
      pieces.push(await encodeWindow(encoders, order, part, pieces.length + gaps.length + 1));
    } catch (thrown) {
      if (!isTheMedia(thrown, { ...order, attempt: WHOLE_TRIES })) {
        throw thrown;
      }
      gaps.push(gapOf(order, window, thrown));
    }
  }
  return { pieces, gaps };
}

/** Where a window within the part's lies in the movie. */
function placeInPart({ part, plan, clock }: PartOrder, window: PlanWindow): PlacedPart {
  const timescale = plan.tracks[0]?.timescale ?? 1;
  const at = (time: number): number =>
    time === part.window.to ? part.end : part.start + clock.of(time - part.window.from, timescale);
  return { window, start: at(window.from), end: at(window.to) };
}

function gapOf({ plan, gaps }: PartOrder, { from, to }: PlanWindow, error: ExportError): Gap {
  const [main] = plan.tracks;
  const startMs = main === undefined ? wallTime(0) : wallTimeOf(main, from);
  const endMs = wallTime(startMs + Math.ceil((1000 * (to - from)) / (main?.timescale ?? 1)));
  if (gaps === 'fail') {
    throw new ExportError('UndecodableMedia', {
      message: `what was recorded at ${new Date(startMs).toISOString()} cannot be decoded: ${error.message}`,
      details: { ...error.details, startMs, endMs },
      cause: error,
    });
  }
  return { startMs, endMs, reason: 'undecodable' };
}

async function encodeWindow(
  encoders: Encoders,
  order: PartOrder,
  part: PlacedPart,
  number: number,
): Promise<WrittenPiece> {
  const { clock, argumentsOf, signal, refOf } = order;
  // Without the sound, which may reach into the object behind.
  const pictures = { ...order.plan, tracks: order.plan.tracks.slice(0, 1) };
  const plan = planOfWindow(pictures, part.window);
  const [main] = plan.tracks;
  const { mediaTime = 0, duration = 0 } = main?.presentation ?? {};
  const timescale = main?.timescale ?? 1;
  const durationUs = (duration * 1e6) / timescale;
  const ref = refOf(number);
  const run = encoders.run({
    plan,
    ref,
    args: argumentsOf({ from: mediaTime, to: mediaTime + duration, timescale }, timesOf(clock, part)),
    signal,
    onProgress: (outTimeUs) => {
      order.onProgress(Math.min(outTimeUs / durationUs, 1));
    },
  });
  const object = await run.catch(blameNothing(ref));
  const start = clock.videoTicks(order.part.start);
  return { object, span: [clock.videoTicks(part.start) - start, clock.videoTicks(part.end) - start] };
}

function timesOf(clock: EncodeClock, { start, end }: PlacedPart): PictureTimes {
  const { timescale, videoTimescale, frameRate } = clock;
  if (frameRate === undefined) {
    return { timescale, videoTimescale };
  }
  const first = clock.frameFrom(start);
  const grid = {
    rate: frameRate,
    startTicks: clock.instantOfFrame(first) - start,
    frameCount: clock.frameFrom(end) - first,
  };
  return { timescale, videoTimescale, grid };
}

/** ffmpeg ends well, too, where it found nothing that it could decode: then what it wrote is no movie. */
function blameNothing({ key }: ObjectRef): (thrown: unknown) => never {
  return (thrown) => {
    if (thrown instanceof ExportError && thrown.code === 'SegmentCorrupt') {
      const message = 'no picture came out of the decoder';
      throw new ExportError('UndecodableMedia', { message, details: { key }, cause: thrown });
    }
    throw thrown;
  };
}
