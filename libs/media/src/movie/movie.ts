import type { Ticks, WallTime } from '../time/ticks';
import type { SampleScratch } from './sample-scratch';
import type { SampleTable } from './sample-table';
import type { TrackDescription } from './track';

/** Consecutive bytes of one of the movie's source objects. */
export interface ByteRange {
  /** Index into the caller's list of objects. */
  readonly object: number;
  readonly offset: number;
  readonly length: number;
}

/** Bytes of our own: they lie in no object and go into the file as they are. */
export interface InlineRange {
  readonly inline: Uint8Array;
}

/** A piece of `mdat`. */
export type MediaRange = ByteRange | InlineRange;

/** Samples of one track that lie in one object and follow each other in the output. */
export interface SampleRun {
  readonly object: number;
  /**
   * The run's samples, already cut to what is wanted and with durations as the output shall have them,
   * in the movie track's timescale. Called anew whenever they are needed (twice by the layout, once by its check),
   * so that a day of tables need not be in memory together; gives the same each time. Whoever gives a scratch may be given
   * a table in it, which is good until the scratch is used again.
   */
  readonly readSamples: (scratch?: SampleScratch) => SampleTable;
  /**
   * Every sync sample of the run is preceded in `mdat` by so many inline bytes that belong to it: parameter sets in
   * band, where the codec configuration changes inside the movie. They are the {@link InlineRange} directly before a
   * range of the object that begins exactly at the sample. Absent or 0: none.
   */
  readonly syncPrefixBytes?: number;
}

/** The one edit-list entry of a track: what a player shows (ISO/IEC 14496-12 §8.6.6). */
export interface Presentation {
  /** First shown instant, in media ticks from the track's first decode time. */
  readonly mediaTime: Ticks;
  /** How long is shown, in track ticks. */
  readonly duration: Ticks;
}

export interface MovieTrack extends TrackDescription {
  readonly runs: readonly SampleRun[];
  readonly presentation: Presentation;
}

/** A progressive MP4 to be: numbers only. {@link layOutMovie} turns it into bytes and spans. */
export interface Movie {
  /** What `mdat` is made of, in order. Every run's samples lie in ranges of its object. */
  readonly ranges: readonly MediaRange[];
  readonly tracks: readonly MovieTrack[];
  /** Creation and modification time in the file: wall time of the first delivered sample. */
  readonly createdAt: WallTime;
  /** Written only when given. */
  readonly title?: string;
}

/** A piece of the laid-out file. */
export type Span =
  { readonly kind: 'inline'; readonly bytes: Uint8Array } | ({ readonly kind: 'object' } & ByteRange);

/** A finished file as numbers: `ftyp`, `moov`, `mdat` header inline, then ranges of other objects and bytes between them. */
export interface MovieLayout {
  readonly sizeBytes: number;
  /** Bytes of `ftyp`, `moov` and the `mdat` header. */
  readonly headerBytes: number;
  /** Tile the file from its first byte to its last. The first is the whole header. */
  readonly spans: readonly Span[];
}
