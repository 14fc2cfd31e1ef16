import { decodeTrackIndex, rescale, ticks, type Ticks, type WallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { PlanRun } from './movie-plan';
import { readRun } from './read-run';
import { openTrack, sliceOf, type TrackSlice } from './track-slice';
import { wallOfTick } from './wall-ticks';

/** Differences up to this come from announcing times in whole milliseconds, and are no holes and no overlaps. */
const ROUNDING_MS = 2;
const MAX_DURATION = 2 ** 32 - 1;

/** A run may still become longer or shorter while it is the last. */
type Laid<T> = { -readonly [K in keyof T]: T[K] };

/** Where the samples of a slice lie, and what their object's media origin is in wall time. */
export interface RunSource {
  readonly object: number;
  readonly originMs: WallTime;
  /** See {@link PlanRun.syncPrefixBytes}. */
  readonly syncPrefixBytes?: number;
}

/**
 * One track of the output while it is laid, run behind run. Times are the lane's own ticks on the plan's timeline,
 * whose zero is the first instant that is shown; what is decoded before it has negative times.
 */
export class Lane {
  private readonly laid: Laid<PlanRun>[] = [];
  /** End of what has been laid. */
  presentationEnd = 0;
  readonly tolerance: number;
  /** Decode time of the first sample. */
  private zero = 0;
  private lastDecode = 0;

  constructor(readonly timescale: number) {
    this.tolerance = Math.ceil((ROUNDING_MS * timescale) / 1000);
  }

  get runs(): readonly PlanRun[] {
    return this.laid;
  }

  get isEmpty(): boolean {
    return this.laid.length === 0;
  }

  /** Media time, from the first decode time, of an instant of the timeline. */
  mediaTime(instant: number): Ticks {
    return ticks(instant - this.zero);
  }

  /** A time of the slice's track in ticks of the lane. */
  ticksOf(time: number, slice: TrackSlice): number {
    return rescale(time, slice.track.summary.timescale, this.timescale, 'round');
  }

  /**
   * Lays pictures to be shown from `target` on: exactly there behind a hole, which lengthens the picture before;
   * otherwise back to back. Returns where they are shown from.
   */
  layPictures(slice: TrackSlice, source: RunSource, target: number): number {
    if (this.isEmpty) {
      return this.place(slice, source, this.beginning(target));
    }
    const isHole = target - this.presentationEnd > this.tolerance;
    return this.place(slice, source, isHole ? target : this.presentationEnd);
  }

  /** Lays pictures to be shown from exactly `target` on, or as soon behind it as decode times allow. */
  layPicturesAt(slice: TrackSlice, source: RunSource, target: number): void {
    this.place(slice, source, target);
  }

  /** The first instant at which what comes next can be decoded; `-Infinity` when nothing has been laid. */
  get earliestDecode(): number {
    return this.isEmpty ? -Infinity : this.lastDecode + 1;
  }

  /**
   * Lays sound to be heard from `target` on. Behind a hole exactly there; of sound that comes while other sound still
   * lasts, samples that would lie wholly in it are left out; the rest is late by less than a sample.
   */
  laySound(slice: TrackSlice, source: RunSource, target: number): void {
    if (this.isEmpty) {
      this.place(slice, source, this.beginning(target));
      return;
    }
    const late = this.presentationEnd - target;
    const kept = late > this.tolerance ? this.withoutLateSamples(slice, late) : slice;
    if (kept !== undefined) {
      const start = target + this.ticksOf(kept.presentationStart - slice.presentationStart, slice);
      const isHole = start - this.presentationEnd > this.tolerance;
      this.place(kept, source, isHole ? start : this.presentationEnd);
    }
  }

  /**
   * Before what follows at once: takes sound away that would begin at `instant` or later, so that it is not heard with
   * pictures of another time.
   */
  endSound(instant: number): void {
    for (let last = this.laid.at(-1); last !== undefined; last = this.laid.at(-1)) {
      const { durations, count } = readRun(last, this);
      const start = last.decodeStart + this.zero;
      let kept = 0;
      let end = start;
      let lastStart = start;
      while (kept < count && end < instant) {
        lastStart = end;
        end += durations[kept++] ?? 0;
      }
      if (kept === count) {
        return;
      }
      if (kept > 0) {
        last.sampleCount = kept;
        last.lastDuration = ticks(durations[kept - 1] ?? 0);
        this.lastDecode = lastStart;
        this.presentationEnd = end;
        return;
      }
      this.laid.pop();
      this.presentationEnd = start;
    }
  }

  /** A track that begins with the first shown instant, but for rounding, begins there exactly. */
  private beginning(target: number): number {
    return target > 0 && target <= this.tolerance ? 0 : target;
  }

  private withoutLateSamples(slice: TrackSlice, late: number): TrackSlice | undefined {
    const opened = openTrack(slice.track, decodeTrackIndex(slice.track.bytes));
    const end = slice.firstSample + slice.sampleCount;
    let first = slice.firstSample;
    let left = late;
    while (first < end) {
      const duration = this.ticksOf(opened.index.samples.durations[first] ?? 0, slice);
      if (left < duration) {
        break;
      }
      left -= duration;
      first++;
    }
    return first < end ? sliceOf(opened, first, end) : undefined;
  }

  /** Lays a slice to be shown from `start` on, or as soon behind it as decode times allow. */
  private place(slice: TrackSlice, source: RunSource, start: number): number {
    const lead = this.ticksOf(slice.presentationStart - slice.decodeStart, slice);
    const decode = this.isEmpty ? start - lead : Math.max(start - lead, this.lastDecode + 1);
    if (this.isEmpty) {
      this.zero = decode;
    } else {
      this.closeLastRun(decode);
    }
    const whole = this.ticksOf(slice.decodeEnd - slice.decodeStart, slice);
    const withoutLast = this.ticksOf(slice.decodeEnd - slice.lastDuration - slice.decodeStart, slice);
    const { timescale } = slice.track.summary;
    const run: Laid<PlanRun> = {
      object: source.object,
      wallStartMs: wallOfTick(slice.presentationStart, source.originMs, timescale, 'floor'),
      decodeStart: this.mediaTime(decode),
      firstSample: slice.firstSample,
      sampleCount: slice.sampleCount,
      lastDuration: ticks(whole - withoutLast),
      track: slice.track.bytes,
    };
    if (slice.skippedSamples > 0) {
      run.skippedSamples = slice.skippedSamples;
    }
    if (source.syncPrefixBytes !== undefined) {
      run.syncPrefixBytes = source.syncPrefixBytes;
    }
    this.laid.push(run);
    this.lastDecode = decode + withoutLast;
    this.presentationEnd =
      decode + lead + this.ticksOf(slice.presentationEnd - slice.presentationStart, slice);
    return decode + lead;
  }

  /** The last sample so far lasts until the next run is decoded. */
  private closeLastRun(nextDecode: number): void {
    const last = this.laid.at(-1);
    if (last !== undefined) {
      const lastDuration = nextDecode - this.lastDecode;
      if (lastDuration > MAX_DURATION) {
        throw new ExportError('CodecUnsupported', {
          message: `a track pauses for ${lastDuration} ticks, an MP4 can hold ${MAX_DURATION}`,
          hint: 'Export the ranges before and after the pause on their own.',
        });
      }
      last.lastDuration = ticks(lastDuration);
    }
  }
}
