import { rescale, ticks, type Presentation } from '@clipmesh/media';
import { retimed, type EncodedPictures } from '../encoding/encoded-pictures';
import { packTrack } from '../index/packed-object';
import { Lane } from '../plan/lane';
import type { PlanTrack } from '../plan/movie-plan';
import { mediaTimeIn } from '../plan/sub-plan';
import { openTrack, sliceOf, type TrackSlice } from '../plan/track-slice';
import { endOf, instantOf, type ShownSpan } from './shown-spans';
import type { Origin, TakenSamples } from './taken-samples';

/** The video of a movie with encoded edges, while it is laid: instants are ticks of the track. */
export class EdgedVideo {
  private readonly lane: Lane;

  constructor(
    private readonly track: PlanTrack,
    /** So much later than in its turn a picture of the recording is shown: what is encoded waits as long. */
    private readonly delay: number,
  ) {
    this.lane = new Lane(track.timescale);
  }

  layRecorded(taken: TakenSamples, spans: readonly ShownSpan[]): void {
    const instant = instantOf(spans, taken.shownAt);
    if (instant !== undefined) {
      this.lane.layPicturesAt(taken.slice, taken, instant);
    }
  }

  /** Lays pictures whose time 0 is the instant `at` of the movie and that last so many ticks. */
  layEncoded(pictures: EncodedPictures, origin: Origin, at: number, length: number): void {
    const first = at + (pictures.sorted[0] ?? 0);
    const delay = Math.max(0, Math.min(this.delay, first - this.lane.earliestDecode));
    const index = retimed(pictures, length, delay);
    const slice = sliceOf(openTrack(packTrack(index), index), 0, index.samples.count);
    this.lane.layPicturesAt(slice, origin, first);
  }

  finish(end: number): PlanTrack {
    const { runs } = this.lane;
    return { ...this.track, presentation: { mediaTime: this.lane.mediaTime(0), duration: ticks(end) }, runs };
  }
}

/** The sound of such a movie. Spans are in ticks of the plan's first track. */
export class EdgedSound {
  private readonly lane: Lane;
  /** What is being laid. */
  private span: ShownSpan | undefined;

  constructor(
    private readonly main: PlanTrack,
    private readonly track: PlanTrack,
  ) {
    this.lane = new Lane(track.timescale);
  }

  /** Lays what of the samples is heard in the spans, which are given in their order. */
  lay(taken: TakenSamples, spans: readonly ShownSpan[]): void {
    for (const span of spans) {
      const slice = this.heardIn(taken, span);
      if (slice !== undefined) {
        this.enter(span);
        const target =
          this.instant(span.at) + this.timeOf(taken, slice.firstSample) - this.planTime(span.from);
        this.lane.laySound(slice, taken, target);
      }
    }
  }

  /** Before what follows at once: nothing is heard of a span behind its end. */
  endSpan(): void {
    if (this.span !== undefined) {
      this.lane.endSound(this.instant(endOf(this.span)));
    }
    this.span = undefined;
  }

  /** `undefined` when nothing is heard. */
  finish(end: number): PlanTrack | undefined {
    this.endSpan();
    const { lane, track } = this;
    const presentation: Presentation = {
      mediaTime: lane.mediaTime(0),
      duration: ticks(Math.max(0, Math.min(this.instant(end), lane.presentationEnd))),
    };
    return lane.isEmpty || presentation.duration === 0
      ? undefined
      : { ...track, presentation, runs: lane.runs };
  }

  private enter(span: ShownSpan): void {
    if (this.span !== span) {
      this.endSpan();
      this.span = span;
    }
  }

  /**
   * From the sample that sounds when the span begins to the last that begins in it. What of the first comes before is
   * hidden at the start of the movie; elsewhere it is late by less than a sample.
   */
  private heardIn(taken: TakenSamples, span: ShownSpan): TrackSlice | undefined {
    const { opened, slice } = taken;
    const [start, end] = [this.planTime(span.from), this.planTime(span.to)];
    const lengthOf = (sample: number): number =>
      this.lane.ticksOf(opened.index.samples.durations[sample] ?? 0, slice);
    let from = slice.firstSample;
    let to = from + slice.sampleCount;
    while (from < to && this.timeOf(taken, from) + lengthOf(from) <= start) {
      from++;
    }
    while (to > from && this.timeOf(taken, to - 1) >= end) {
      to--;
    }
    return from < to ? sliceOf(opened, from, to) : undefined;
  }

  /** When a sample is heard, in ticks of the plan's track. */
  private timeOf({ opened, slice, shownAt }: TakenSamples, sample: number): number {
    return shownAt + this.lane.ticksOf((opened.presentation[sample] ?? 0) - slice.presentationStart, slice);
  }

  private instant(at: number): number {
    return rescale(at, this.main.timescale, this.lane.timescale, 'round');
  }

  /** A media time of the plan's first track as one of its sound. */
  private planTime(time: number): number {
    return mediaTimeIn(this.main, this.track, time);
  }
}
