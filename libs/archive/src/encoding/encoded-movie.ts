import type { IndexedObject } from '../index/segment-entry';
import type { Gap, MoviePlan } from '../plan/movie-plan';
import type { EncodeClock } from './encode-clock';

/** A stretch of a part that became frames; nearly always the whole part. */
export interface EncodedPiece {
  readonly object: IndexedObject;
  /** From the start of the part, in ticks of the clock's video timescale; the object's time 0 is `from`. */
  readonly from: number;
  readonly to: number;
}

/** Sound of a stretch of the movie, encoded in one go: its time 0 is `start`. */
export interface EncodedSound {
  readonly object: IndexedObject;
  /** Instants of the clock. */
  readonly start: number;
  readonly end: number;
}

/** A plan that was fed to encoders, with what became of each of its windows. */
export interface EncodedFeed {
  readonly plan: MoviePlan;
  /** One for each window. Empty where the video is not encoded. */
  readonly parts: readonly (readonly EncodedPiece[])[];
}

/** All that encoders made of one movie. */
export interface EncodedMovie {
  /** In order; more than one where the camera was set anew inside the ranges. */
  readonly feeds: readonly EncodedFeed[];
  readonly clock: EncodeClock;
  /** The video of the only feed, frame for frame, in an object of its own; absent where it is encoded, or there is none. */
  readonly copiedVideo?: IndexedObject;
  /** In order; empty without sound. */
  readonly sound: readonly EncodedSound[];
  /** What could not be decoded. */
  readonly gaps: readonly Gap[];
}
