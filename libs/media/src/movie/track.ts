import type { Ticks } from '../time/ticks';
import type { SampleTable } from './sample-table';

export type TrackKind = 'video' | 'audio';

/** What a track is, apart from its samples. Two tracks with equal descriptions can share one sample entry. */
export interface TrackDescription {
  readonly kind: TrackKind;
  /** Ticks per second. */
  readonly timescale: number;
  /** The whole sample entry box (ISO/IEC 14496-12 §8.5.2), size and type included, carried opaquely. */
  readonly sampleEntry: Uint8Array;
  /** RFC 6381 where it is known (`avc1.64001f`, `hvc1.1.6.L93.B0`, `mp4a.40.2`), else the sample entry's four characters. */
  readonly codec: string;
  /** Presentation size of video in pixels (tkhd, 16.16 rounded); 0 for audio. */
  readonly width: number;
  readonly height: number;
  /** The nine numbers of tkhd's matrix as they stand in the file: rotation survives. */
  readonly matrix: readonly number[];
  /** ISO 639-2/T, `und` when not said. */
  readonly language: string;
}

/** One track of one object: a recorded segment or an encoded part. */
export interface TrackIndex extends TrackDescription {
  /**
   * Decode time of the first sample in ticks, measured from the object's media origin: the presentation time
   * of its first video frame (of its first audio sample, without video), source edit lists applied. May be negative.
   */
  readonly decodeStart: Ticks;
  readonly samples: SampleTable;
}

/** Where every sample of an MP4 object lies: all that planning and layout ever need of it. */
export interface ObjectIndex {
  readonly sizeBytes: number;
  /** Video first, at most one of each kind. */
  readonly tracks: readonly TrackIndex[];
}
