import type { TimeRange, WallTime } from '@clipmesh/media';
import type { StoredObject, WrittenFile } from './job-record';

interface VideoFacts {
  readonly format: 1;
  /** New for every creation; stands in index keys and catalog keys in place of the name. */
  readonly id: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly createdAtMs: WallTime;
  readonly lastModifiedAtMs: WallTime;
  /** Set while its data are being removed; the name is free when that is done. */
  readonly deleting?: boolean;
}

/** A recording, possibly still empty, possibly still growing. */
export interface ArchiveVideo extends VideoFacts {
  readonly type: 'Archive';
  readonly hasData: boolean;
}

/** An exported MP4. `reserved` while its job has not committed: then nobody sees it. */
export interface FileVideo extends VideoFacts {
  readonly type: 'File';
  readonly jobId: string;
  readonly visibility: 'reserved' | 'published';
  readonly export?: WrittenFile;
}

/** KV `videos`, by name. Changed by segment-reader alone, by compare-and-set. */
export type VideoRecord = ArchiveVideo | FileVideo;

/** KV `holds`, by `<video id>.<job id>`: a range that a job still reads; retention and delete ask first. */
export interface HoldRecord {
  readonly format: 1;
  readonly videoId: string;
  readonly videoName: string;
  readonly jobId: string;
  readonly ranges: readonly TimeRange[];
}

/** Body of `videos.publish`. */
export interface PublishVideoRequest {
  readonly jobId: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly export: WrittenFile;
}

/** Body of `videos.release`. */
export interface ReleaseVideosRequest {
  readonly jobId: string;
  readonly sourceVideo: string;
  readonly outputVideo: string;
}

/** Body of `videos.digested`. */
export interface DigestedVideoRequest {
  readonly jobId: string;
  readonly name: string;
  readonly sha256: string;
  readonly file: StoredObject;
}
