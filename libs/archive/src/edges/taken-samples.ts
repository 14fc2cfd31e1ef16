import { decodeTrackIndex, rescale, type WallTime } from '@clipmesh/media';
import { packTrack } from '../index/packed-object';
import type { IndexedObject } from '../index/segment-entry';
import type { MediaRanges } from '../plan/media-ranges';
import type { PlanObject, PlanRun, PlanTrack } from '../plan/movie-plan';
import { packedLeavesOf } from '../plan/plan-object';
import { openTrack, sliceOf, type OpenedTrack, type TrackSlice } from '../plan/track-slice';

/** Where an object stands among those of a plan, and the wall time of its media origin. */
export interface Origin {
  readonly object: number;
  readonly originMs: WallTime;
}

/** Consecutive samples of one track of one object that a movie takes. */
export interface TakenSamples extends Origin {
  readonly opened: OpenedTrack;
  readonly slice: TrackSlice;
  /** When the first of them is shown, in ticks of the plan's track. */
  readonly shownAt: number;
}

/** The samples of a run of the plan. */
export function samplesOfRun(run: PlanRun, { timescale }: PlanTrack, originMs: WallTime): TakenSamples {
  const index = decodeTrackIndex(run.track);
  const opened = openTrack(packTrack(index, run.track), index);
  const { firstSample, sampleCount, skippedSamples = 0 } = run;
  const slice = sliceOf(opened, firstSample, firstSample + sampleCount, skippedSamples);
  const lead = rescale(slice.presentationStart - slice.decodeStart, index.timescale, timescale, 'round');
  return { object: run.object, originMs, opened, slice, shownAt: run.decodeStart + lead };
}

/** All samples of one kind of an object whose time 0 is the instant `start` of the plan; `undefined`: it has none. */
export function samplesOfObject(
  object: IndexedObject,
  { kind, timescale }: PlanTrack,
  origin: Origin,
  start: number,
): TakenSamples | undefined {
  const index = object.tracks.find((track) => track.kind === kind);
  if (index === undefined || index.samples.count === 0) {
    return undefined;
  }
  const opened = openTrack(packTrack(index), index);
  const slice = sliceOf(opened, 0, index.samples.count);
  const shown = rescale(slice.presentationStart, index.timescale, timescale, 'round');
  return { ...origin, opened, slice, shownAt: start + shown };
}

/** How much later than it is decoded the first of the samples is shown, in ticks of a timescale. */
export function leadOf({ opened, slice }: TakenSamples, timescale: number): number {
  const from = slice.firstSample;
  const lead = (opened.presentation[from] ?? 0) - (opened.decode[from] ?? 0);
  return rescale(lead, opened.index.timescale, timescale, 'round');
}

/** Puts the bytes of samples into `mdat`, object by object: leaves that hold some of them, or objects as a whole. */
export function takeBytes(
  media: MediaRanges,
  objects: readonly PlanObject[],
  taken: readonly TakenSamples[],
): void {
  const byObject = new Map<number, TakenSamples[]>();
  for (const one of taken) {
    byObject.set(one.object, [...(byObject.get(one.object) ?? []), one]);
  }
  for (const [number, samples] of byObject) {
    const object = objects[number];
    if (object !== undefined) {
      media.takeSamples(
        number,
        packedLeavesOf(object),
        samples.map(({ opened, slice }) => ({ table: opened.index.samples, ...slice })),
      );
    }
  }
}
