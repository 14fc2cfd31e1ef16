import { wallTime } from '@clipmesh/media';
import { openPictures } from '../encoding/encoded-pictures';
import type { EncodedPiece } from '../encoding/encoded-movie';
import { without } from '../encoding/exact-delivery';
import { JoinedObjects } from '../encoding/joined-objects';
import { wallTimeOf } from '../encoding/wall-time';
import { packObject } from '../index/packed-object';
import type { IndexedObject } from '../index/segment-entry';
import { cutTrack } from '../plan/cut-track';
import { MediaRanges } from '../plan/media-ranges';
import type { MoviePlan, PlanRun, PlanTrack, PlanWindow } from '../plan/movie-plan';
import { mediaTimeIn } from '../plan/sub-plan';
import { expectEdges } from './edge-codec';
import { edgeStretches } from './edge-windows';
import type { EdgedMovie } from './edged-movie';
import { EdgedSound, EdgedVideo } from './edged-tracks';
import { endOf, instantOf, shownSpans, type MadeWindow, type ShownSpan } from './shown-spans';
import { stretchSound } from './stretch-sound';
import {
  leadOf,
  samplesOfObject,
  samplesOfRun,
  takeBytes,
  type Origin,
  type TakenSamples,
} from './taken-samples';

/**
 * A plan with encoded edges as one of the very form that the sink understands. Every picture is shown at its time, and no
 * byte of a picture is taken that was not asked for.
 */
export function joinEdges(movie: EdgedMovie): MoviePlan {
  return new EdgeJoiner(movie).join();
}

class EdgeJoiner {
  private readonly plan: MoviePlan;
  private readonly main: PlanTrack;
  private readonly sound: PlanTrack | undefined;
  private readonly objects: JoinedObjects;
  private readonly media = new MediaRanges();
  private readonly stretches: readonly (readonly MadeWindow[])[];
  private readonly video: EdgedVideo;
  private readonly heard: EdgedSound | undefined;
  /** End of what has been laid, in ticks of the first track. */
  private at = 0;

  constructor(private readonly movie: EdgedMovie) {
    const { plan } = movie;
    this.plan = plan;
    this.main = expectEdges(plan);
    this.sound = plan.tracks.find(({ kind }) => kind === 'audio');
    this.objects = new JoinedObjects(plan.objects);
    this.stretches = madeStretches(movie);
    this.video = new EdgedVideo(this.main, this.delay());
    this.heard = this.sound && new EdgedSound(this.main, this.sound);
  }

  join(): MoviePlan {
    const { plan, movie, media, objects } = this;
    for (const stretch of this.stretches) {
      this.joinStretch(stretch);
    }
    const tracks = [this.video.finish(this.at), this.heard?.finish(this.at)];
    return {
      ...plan,
      delivered: without(plan.delivered, movie.gaps),
      gaps: [...plan.gaps, ...movie.gaps],
      objects: objects.objects,
      sources: plan.objects,
      ranges: media.ranges,
      tracks: tracks.filter((track) => track !== undefined),
      windows: [],
    };
  }

  private joinStretch(stretch: readonly MadeWindow[]): void {
    const spans = shownSpans(stretch, this.at);
    const { copied } = stretchSound(
      this.plan,
      stretch.map(({ window }) => window),
    );
    for (const made of stretch) {
      const taken = made.edge === undefined ? this.recorded(made, copied) : [this.copiesIn(made)];
      for (const { pictures, sound } of taken) {
        for (const one of pictures) {
          this.video.layRecorded(one, spans);
        }
        for (const one of sound) {
          this.heard?.lay(one, spans);
        }
        takeBytes(this.media, this.objects.objects, [...pictures, ...sound]);
      }
      for (const piece of made.edge?.pieces ?? []) {
        this.layPiece(made.window, piece, spans);
      }
    }
    this.heard?.endSpan();
    const last = spans.at(-1);
    this.at = last === undefined ? this.at : endOf(last);
  }

  /** A copied window with the sound beside it, one object at a time: the tables of a day are large. */
  private *recorded({ window }: MadeWindow, sounds: readonly PlanRun[]): Generator<TakenSlice> {
    const { main, sound: track = main } = this;
    const pictures = cutTrack(main, window.from, window.to)?.runs ?? [];
    for (const [run, beside] of withSound(pictures, sounds)) {
      yield {
        pictures: [this.samplesOf(run, main)],
        sound: beside.map((one) => this.samplesOf(one, track)),
      };
    }
  }

  private samplesOf(run: PlanRun, track: PlanTrack): TakenSamples {
    return samplesOfRun(run, track, this.plan.objects[run.object]?.startMs ?? wallTime(0));
  }

  /** What a task has copied for a window that is encoded. */
  private copiesIn({ window, edge }: MadeWindow): TakenSlice {
    const { main, sound } = this;
    const copies = edge?.copies;
    if (copies === undefined) {
      return { pictures: [], sound: [] };
    }
    const origin = this.originOf(copies, window.from);
    const pictures = samplesOfObject(copies, main, origin, window.from);
    const start = sound && mediaTimeIn(main, sound, window.from);
    const heard = sound && samplesOfObject(copies, sound, origin, start ?? 0);
    return { pictures: pictures ? [pictures] : [], sound: heard ? [heard] : [] };
  }

  private layPiece(
    window: PlanWindow,
    { object, from, to }: EncodedPiece,
    spans: readonly ShownSpan[],
  ): void {
    const start = window.from + from;
    const at = instantOf(spans, start);
    const pictures = openPictures(object, this.main.timescale, to - from);
    const origin = this.originOf(object, start);
    if (at !== undefined) {
      this.video.layEncoded(pictures, origin, at, to - from);
    }
    const { samples } = pictures.index;
    const wanted = [{ table: samples, firstSample: 0, sampleCount: samples.count }];
    this.media.takeSamples(origin.object, packObject(object).leaves, wanted);
  }

  /** An object of ours, whose time 0 is an instant of the plan. */
  private originOf(object: IndexedObject, start: number): Origin {
    const wallStartMs = wallTimeOf(this.main, start);
    return { object: this.objects.numberOf(object, { wallStartMs }), originMs: wallStartMs };
  }

  /** Of all that is copied, the longest wait of a first picture between decoding and showing. */
  private delay(): number {
    const { timescale } = this.main;
    const firsts = this.stretches.flat().flatMap((made) => {
      const { window, edge } = made;
      const [run] = edge === undefined ? (cutTrack(this.main, window.from, window.to)?.runs ?? []) : [];
      return run === undefined ? this.copiesIn(made).pictures : [this.samplesOf(run, this.main)];
    });
    return firsts.reduce((delay, first) => Math.max(delay, leadOf(first, timescale)), 0);
  }
}

interface TakenSlice {
  readonly pictures: readonly TakenSamples[];
  readonly sound: readonly TakenSamples[];
}

/** Runs of pictures, each with the sound of its object, and with sound in objects of its own before that. */
function* withSound(
  pictures: readonly PlanRun[],
  sounds: readonly PlanRun[],
): Generator<readonly [pictures: PlanRun, sounds: readonly PlanRun[]]> {
  const withPictures = new Set(pictures.map(({ object }) => object));
  let next = 0;
  for (const [i, run] of pictures.entries()) {
    const isLast = i === pictures.length - 1;
    const first = next;
    for (let one = sounds[next]; one !== undefined; one = sounds[next]) {
      if (!isLast && one.object !== run.object && withPictures.has(one.object)) {
        break;
      }
      next++;
    }
    yield [run, sounds.slice(first, next)];
  }
}

function madeStretches({ plan, edges }: EdgedMovie): readonly (readonly MadeWindow[])[] {
  let next = 0;
  return edgeStretches(plan).map((stretch) =>
    stretch.map((window): MadeWindow => {
      const edge = window.isCopied === true ? undefined : (edges[next++] ?? { pieces: [] });
      return edge === undefined ? { window } : { window, edge };
    }),
  );
}
