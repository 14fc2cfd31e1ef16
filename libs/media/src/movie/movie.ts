import type { Ticks, WallTime } from '../time/ticks';
import type { SampleTable } from './sample-table';
import type { TrackDescription } from './track';

/** Consecutive bytes of one of the movie's source objects. */
export interface ByteRange {
  /** Index into the caller's list of objects. */
  readonly object: number;
  readonly offset: number;
  readonly length: number;
}

/** Samples of one track that lie in one object and follow each other in the output. */
export interface SampleRun {
  readonly object: number;
  /**
   * The run's samples, already cut to what is wanted and with durations as the output shall have them,
   * in the movie track's timescale. Called once or twice while a movie is laid out, so that a day of tables
   * need not be in memory together.
   */
  readonly readSamples: () => SampleTable;
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
  readonly ranges: readonly ByteRange[];
  readonly tracks: readonly MovieTrack[];
  /** Creation and modification time in the file: wall time of the first delivered sample. */
  readonly createdAt: WallTime;
  /** Written only when given. */
  readonly title?: string;
}

/** A piece of the laid-out file. */
export type Span =
  { readonly kind: 'inline'; readonly bytes: Uint8Array } | ({ readonly kind: 'object' } & ByteRange);

/** A finished file as numbers: `ftyp`, `moov`, `mdat` header inline, then ranges of other objects. */
export interface MovieLayout {
  readonly sizeBytes: number;
  /** Bytes of `ftyp`, `moov` and the `mdat` header. */
  readonly headerBytes: number;
  /** Tile the file from its first byte to its last. */
  readonly spans: readonly Span[];
}
