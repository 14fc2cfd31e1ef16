import { decodeTimes, ticks, type Ticks, type TrackIndex } from '@clipmesh/media';
import type { PackedTrack } from '../index/segment-entry';

/**
 * Consecutive samples of one track of one object, with what laying them on a timeline needs to know.
 * Times are ticks of the track's own timescale from the object's media origin.
 */
export interface TrackSlice {
  readonly track: PackedTrack;
  readonly firstSample: number;
  readonly sampleCount: number;
  /** See {@link PlanRun.skippedSamples}. */
  readonly skippedSamples: number;
  readonly decodeStart: Ticks;
  readonly decodeEnd: Ticks;
  /** Of the last sample in decode order. */
  readonly lastDuration: Ticks;
  readonly presentationStart: Ticks;
  readonly presentationEnd: Ticks;
}

/** Needs no look into the sample table. */
export function wholeSlice(track: PackedTrack): TrackSlice {
  const { sampleCount, decodeStart, decodeEnd, lastDuration, presentationStart, presentationEnd } =
    track.summary;
  return {
    track,
    firstSample: 0,
    sampleCount,
    skippedSamples: 0,
    decodeStart,
    decodeEnd,
    lastDuration,
    presentationStart,
    presentationEnd,
  };
}

/** Samples `[from, to)` of an opened track, without so many behind the first; one sample at least. */
export function sliceOf(opened: OpenedTrack, from: number, to: number, skippedSamples = 0): TrackSlice {
  const { decode, presentation, index } = opened;
  let presentationStart = Infinity;
  let presentationEnd = -Infinity;
  for (let i = from; i < to; i += i === from ? 1 + skippedSamples : 1) {
    const shown = presentation[i] ?? 0;
    presentationStart = Math.min(presentationStart, shown);
    presentationEnd = Math.max(presentationEnd, shown + (index.samples.durations[i] ?? 0));
  }
  const lastDuration = index.samples.durations[to - 1] ?? 0;
  return {
    track: opened.track,
    firstSample: from,
    sampleCount: to - from,
    skippedSamples,
    decodeStart: ticks(decode[from] ?? 0),
    decodeEnd: ticks((decode[to - 1] ?? 0) + lastDuration),
    lastDuration: ticks(lastDuration),
    presentationStart: ticks(presentationStart),
    presentationEnd: ticks(presentationEnd),
  };
}

/** A track whose sample table has been read: only where a plan cuts. */
export interface OpenedTrack {
  readonly track: PackedTrack;
  readonly index: TrackIndex;
  /** Decode time of every sample, from the media origin. */
  readonly decode: Float64Array;
  readonly presentation: Float64Array;
}

export function openTrack(track: PackedTrack, index: TrackIndex): OpenedTrack {
  const decode = decodeTimes(index.samples);
  const presentation = new Float64Array(decode.length);
  for (let i = 0; i < decode.length; i++) {
    const time = index.decodeStart + (decode[i] ?? 0);
    decode[i] = time;
    presentation[i] = time + (index.samples.compositionOffsets[i] ?? 0);
  }
  return { track, index, decode, presentation };
}
