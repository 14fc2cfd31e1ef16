import type { TrackIndex, WallTime } from '@clipmesh/media';

/** SHA-256 of consecutive bytes of an object. Leaves tile the object and are cut wherever a plan may cut it. */
export interface Leaf {
  readonly length: number;
  /** 32 bytes. */
  readonly sha256: Uint8Array;
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
  /** Video first. */
  readonly tracks: readonly TrackIndex[];
}

/** What the archive's index knows of one segment. Its identity is (video, object key). */
export interface SegmentEntry extends IndexedObject {
  /** Announced wall time of the media origin (first video frame). */
  readonly startMs: WallTime;
  /** `startMs` plus the media duration of the video (of the audio, without video), rounded up. */
  readonly endMs: WallTime;
  readonly indexedAtMs: WallTime;
}
