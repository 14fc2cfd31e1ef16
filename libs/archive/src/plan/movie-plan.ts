import type { MediaRange, Presentation, Ticks, TimeRange, TrackDescription, WallTime } from '@clipmesh/media';
import type { Leaf } from '../index/segment-entry';

/** What happens at the edges of a pass-through range. */
export type EdgePolicy = CutPolicy | 'smart';
/** Where samples are cut. `smart` cuts as `edit-list` does, and has what is too much encoded. */
export type CutPolicy = 'edit-list' | 'keyframe-before' | 'keyframe-after';
export type GapPolicy = 'collapse' | 'fail';

/**
 * What happens where a codec configuration changes inside the ranges: the job fails, later parameter sets go in band, or
 * every configuration gets a movie of its own.
 */
export type ConfigChangePolicy = 'fail' | 'in-band' | 'split';

export type GapReason = 'not-recorded' | 'undecodable';

/** Wall time that was asked for and for which no sample exists. */
export interface Gap extends TimeRange {
  readonly reason: GapReason;
}

/** A source object of a plan and the leaves of it, so that the export can be verified without the archive. */
export interface PlanObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly startMs: WallTime;
  readonly endMs: WallTime;
  /** Of a plan that was made or read by us: unpacked anew at each reading, so read it once. */
  readonly leaves: readonly Leaf[];
  /** The leaves as they are stored (`packLeaves`), where they are at hand. */
  readonly packedLeaves?: Uint8Array;
}

/** Consecutive samples of one track in one object. */
export interface PlanRun {
  readonly object: number;
  /** Wall time of the run's first sample in presentation order. */
  readonly wallStartMs: WallTime;
  /** Output decode time of the run's first sample, in ticks of the plan's track. */
  readonly decodeStart: Ticks;
  /** Samples of the object's track that are taken: `[firstSample, firstSample + sampleCount)`. */
  readonly firstSample: number;
  readonly sampleCount: number;
  /**
   * So many of them, right behind the first, are left out all the same: pictures that lead a sync sample (open GOP) and
   * refer to a GOP that is not before them in the file. The first lasts as long as they did. Absent: none.
   */
  readonly skippedSamples?: number;
  /** So many inline bytes stand before every sync sample and belong to it: parameter sets in band. Absent: none. */
  readonly syncPrefixBytes?: number;
  /** Duration of the run's last sample in ticks of the plan's track, which closes small holes and overlaps. */
  readonly lastDuration: Ticks;
  /** The object's track in the compact form of `encodeTrackIndex`. */
  readonly track: Uint8Array;
}

export interface PlanTrack extends TrackDescription {
  readonly presentation: Presentation;
  readonly runs: readonly PlanRun[];
}

/**
 * What one asked range is on the plan's timeline, exactly: what an encoder must keep of it.
 * Times are output media times in ticks of the first track, half-open. Gaps inside are closed already.
 */
export interface PlanWindow {
  readonly range: number;
  readonly from: Ticks;
  readonly to: Ticks;
  /** Taken as it was recorded, between windows that an encoder makes (`edges: smart`). */
  readonly isCopied?: true;
  /** Its frames before this instant are taken so, too, but not with all that lies beside them in the archive. */
  readonly copiedTo?: Ticks;
}

export interface PlanWarning {
  readonly code:
    | 'RangePartlyRecorded'
    | 'GapsClosed'
    | 'OverlapDrift'
    | 'EdgesMoved'
    | 'WaitedForMedia'
    | 'ConfigurationChanged'
    | 'OpenGopEntered';
  readonly message: string;
}

/** The hours of the catalog that a plan was made from. */
export interface CatalogRevision {
  readonly hour: number;
  readonly revision: number;
}

/**
 * Wall-clock ranges of an archive turned into samples that lie in objects. Pure data: kept as an object
 * (`encodeMoviePlan`), named by key in messages. An encoded movie is the same thing over part objects.
 */
export interface MoviePlan {
  readonly format: 1;
  readonly video: { readonly id: string; readonly name: string };
  readonly requested: readonly TimeRange[];
  /** What a player shows, in order, split at gaps and between ranges. */
  readonly delivered: readonly TimeRange[];
  readonly gaps: readonly Gap[];
  readonly edges: EdgePolicy | 'exact';
  readonly warnings: readonly PlanWarning[];
  readonly catalogRevisions: readonly CatalogRevision[];
  readonly objects: readonly PlanObject[];
  /** Of an encoded plan: the segments that its parts were made from. Otherwise `objects` are the segments. */
  readonly sources?: readonly PlanObject[];
  /** What `mdat` holds: every end of an object's range lies on a border of its leaves. */
  readonly ranges: readonly MediaRange[];
  /** Video first. */
  readonly tracks: readonly PlanTrack[];
  readonly windows: readonly PlanWindow[];
}
