import type { Ticks, TrackDescription, TrackIndex, WallTime } from '@clipmesh/media';

/** SHA-256 of consecutive bytes of an object. Leaves tile the object and are cut wherever a plan may cut it. */
export interface Leaf {
  readonly length: number;
  /** 32 bytes. */
  readonly sha256: Uint8Array;
}

/** What can be told of a track without reading its sample table. Times are ticks from the object's media origin. */
export interface TrackSummary extends TrackDescription {
  readonly sampleCount: number;
  /** Decode time of the first sample. */
  readonly decodeStart: Ticks;
  /** Decode time of the last sample plus its duration. */
  readonly decodeEnd: Ticks;
  /** Of the last sample in decode order. */
  readonly lastDuration: Ticks;
  /** Earliest presentation time. */
  readonly presentationStart: Ticks;
  /** Latest end of a presentation. */
  readonly presentationEnd: Ticks;
}

/** A track with its table in the compact form of `encodeTrackIndex`. */
export interface PackedTrack {
  readonly summary: TrackSummary;
  readonly bytes: Uint8Array;
}

export interface PackedObject {
  /** See `packLeaves`. */
  readonly leaves: Uint8Array;
  readonly tracks: readonly PackedTrack[];
}

/** An object as it was when it was indexed or written: enough to read it again and to notice that it changed. */
export interface IndexedObject {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** SHA-256 of the whole object, lower-case hex. */
  readonly sha256: string;
  readonly leaves: readonly Leaf[];
  /** Video first. Of an entry that was read from the catalog: decoded anew at each reading, so read it once. */
  readonly tracks: readonly TrackIndex[];
  /** Leaves and tracks as they are stored, where they are at hand: planning needs no more of most segments. */
  readonly packed?: PackedObject;
}

/** What the archive's index knows of one segment. Its identity is (video, object key). */
export interface SegmentEntry extends IndexedObject {
  /** Announced wall time of the media origin (first video frame). */
  readonly startMs: WallTime;
  /** `startMs` plus the media duration of the video (of the audio, without video), rounded up. */
  readonly endMs: WallTime;
  readonly indexedAtMs: WallTime;
}
