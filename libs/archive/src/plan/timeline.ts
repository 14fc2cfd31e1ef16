import {
  rescale,
  ticks,
  type Presentation,
  type Ticks,
  type TrackKind,
  type WallTime,
} from '@clipmesh/media';
import { Lane, type RunSource } from './lane';
import { sliceOfKind, type Piece } from './piece';

/** How a piece comes after the one before. */
export type Follows =
  /** It is the first. */
  | 'start'
  /** On the wall clock, holes and overlaps up to the threshold included. */
  | 'run'
  /** At once, whatever the wall clock says: behind a gap, or in another range. */
  | 'cut';

/** A piece with the place of its object's media origin on the timeline, in ticks of the first lane. */
export interface LaidPiece {
  readonly piece: Piece;
  readonly origin: number;
}

/**
 * Lays pieces on one output timeline. What follows on the wall clock is measured against the wall clock since the
 * last cut, never against its neighbour, so that errors of rounding do not add up; sound is measured against
 * the pictures of its own piece.
 */
export class Timeline {
  readonly laid: LaidPiece[] = [];
  private readonly lanes: ReadonlyMap<TrackKind, Lane>;
  /** Video, where there is any. */
  private readonly main: Lane;
  private anchor: { readonly wallMs: WallTime; readonly origin: number } | undefined;
  private drift = 0;

  constructor(tracks: readonly { readonly kind: TrackKind; readonly timescale: number }[]) {
    this.lanes = new Map(tracks.map(({ kind, timescale }) => [kind, new Lane(timescale)]));
    this.main = this.lanes.get('video') ?? this.laneOf('audio');
  }

  laneOf(kind: TrackKind): Lane {
    const lane = this.lanes.get(kind);
    if (lane === undefined) {
      throw new RangeError(`the timeline has no ${kind}`);
    }
    return lane;
  }

  /** How much later than the wall clock says something is shown, at worst, because of overlaps. */
  get driftMs(): number {
    return Math.ceil((this.drift * 1000) / this.main.timescale);
  }

  lay(piece: Piece, object: number, follows: Follows): void {
    if (follows === 'cut') {
      this.endSoundWithPictures();
    }
    const source: RunSource = { object, originMs: piece.segment.startMs };
    let origin = this.aim(piece, follows);
    const pictures = sliceOfKind(piece, 'video');
    if (pictures !== undefined) {
      const target = origin + this.main.ticksOf(pictures.presentationStart, pictures);
      const { syncPrefix } = piece;
      const prefixed = syncPrefix && { ...source, syncPrefixBytes: syncPrefix.length };
      const shown = this.main.layPictures(pictures, prefixed ?? source, target);
      origin += shown - target;
      this.noteDrift(shown - target);
    }
    const sound = sliceOfKind(piece, 'audio');
    if (sound !== undefined) {
      const lane = this.laneOf('audio');
      const offset = rescale(origin, this.main.timescale, lane.timescale, 'round');
      lane.laySound(sound, source, offset + lane.ticksOf(sound.presentationStart, sound));
    }
    if (follows !== 'run') {
      this.anchor = { wallMs: piece.segment.startMs, origin };
    }
    this.laid.push({ piece, origin });
  }

  /**
   * What a player shows of a track: from the timeline's zero up to `end`, or as long as the track has samples.
   * A track that begins later has a negative media time: first it shows nothing for so long.
   */
  presentationOf(kind: TrackKind, end?: number): Presentation {
    const lane = this.laneOf(kind);
    const asked = end === undefined ? Infinity : rescale(end, this.main.timescale, lane.timescale, 'round');
    return {
      mediaTime: lane.mediaTime(0),
      duration: ticks(Math.max(0, Math.min(asked, lane.presentationEnd))),
    };
  }

  /** Output media time, in ticks of the first track, of a media time of a laid piece's first track. */
  mediaTimeOf({ piece, origin }: LaidPiece, time: number): Ticks {
    return this.main.mediaTime(this.instantOf({ piece, origin }, time));
  }

  /** The same on the timeline. */
  instantOf({ piece, origin }: LaidPiece, time: number): number {
    const [slice] = piece.slices;
    return slice === undefined ? origin : origin + this.main.ticksOf(time, slice);
  }

  /** Where a piece's media origin belongs. */
  private aim(piece: Piece, follows: Follows): number {
    const [first] = piece.slices;
    if (first === undefined) {
      throw new RangeError('a piece has no samples');
    }
    if (follows === 'run' && this.anchor !== undefined) {
      const sinceMs = piece.segment.startMs - this.anchor.wallMs;
      return this.anchor.origin + rescale(sinceMs, 1000, this.main.timescale, 'round');
    }
    if (follows === 'start') {
      return -this.main.ticksOf(piece.shownFrom, first);
    }
    return this.endFor(first.track.summary.kind) - this.main.ticksOf(first.presentationStart, first);
  }

  /** Where what begins with this kind follows at once: behind the pictures if it has some, else behind everything. */
  private endFor(kind: TrackKind): number {
    if (this.laneOf(kind) === this.main && !this.main.isEmpty) {
      return this.main.presentationEnd;
    }
    const ends = [...this.lanes.values()].map((lane) =>
      rescale(lane.presentationEnd, lane.timescale, this.main.timescale, 'ceil'),
    );
    return Math.max(...ends);
  }

  private endSoundWithPictures(): void {
    const sound = this.lanes.get('audio');
    if (sound !== undefined && sound !== this.main && !this.main.isEmpty) {
      const lasts = this.laid.at(-1)?.piece.slices.some((slice) => slice.track.summary.kind === 'video');
      if (lasts === true) {
        sound.endSound(rescale(this.main.presentationEnd, this.main.timescale, sound.timescale, 'ceil'));
      }
    }
  }

  private noteDrift(late: number): void {
    if (late > this.main.tolerance) {
      this.drift = Math.max(this.drift, late);
    }
  }
}
