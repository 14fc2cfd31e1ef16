// class-transformer's @Type reads design metadata while this file loads.
import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  Allow,
  IsDefined,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { StoredObject, WrittenFile } from '../records/job-record';
import type {
  DigestedVideoRequest,
  PublishVideoRequest,
  ReleaseVideosRequest,
} from '../records/video-record';
import { NAME_PATTERN } from '../subjects';

const NAME_RULE = { context: { code: 'NameInvalid' } };

/** Longest texts of a video, as AVA had them. */
const TITLE_LENGTH = 256;
const DESCRIPTION_LENGTH = 2048;

/** What a caller may say of a video. Members that a GET answers are accepted and ignored. */
export class VideoTexts {
  @IsOptional()
  @IsString()
  @MaxLength(TITLE_LENGTH)
  title?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(DESCRIPTION_LENGTH)
  description?: string | null;

  @Allow()
  type?: unknown;

  @Allow()
  flags?: unknown;

  @Allow()
  contentUrls?: unknown;

  @Allow()
  mediaInfo?: unknown;

  @Allow()
  deleting?: unknown;
}

/** Body of `videos.get` and `videos.delete`. */
export class VideoName {
  @Matches(NAME_PATTERN, NAME_RULE)
  name!: string;
}

/** Body of `videos.put` and `videos.patch`: in a patch, `null` clears a text and absence keeps it. */
export class VideoBody extends VideoName {
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => VideoTexts)
  properties?: VideoTexts;

  @Allow()
  id?: unknown;

  @Allow()
  type?: unknown;

  @Allow()
  systemData?: unknown;
}

/** Body of `videos.list`: names in order, from behind `after`. */
export class ListVideos {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  top?: number;

  @IsOptional()
  @Matches(NAME_PATTERN, NAME_RULE)
  after?: string;
}

/** Body of `videos.publish`, from job-scheduler. */
export class PublishVideoBody implements PublishVideoRequest {
  @Matches(NAME_PATTERN, NAME_RULE)
  jobId!: string;

  @Matches(NAME_PATTERN, NAME_RULE)
  name!: string;

  @ValidateIf((body: PublishVideoBody) => body.title !== undefined)
  @IsString()
  title?: string;

  @ValidateIf((body: PublishVideoBody) => body.description !== undefined)
  @IsString()
  description?: string;

  @IsDefined()
  @IsObject()
  export!: WrittenFile;
}

/** Body of `videos.release`, from job-scheduler. */
export class ReleaseVideosBody implements ReleaseVideosRequest {
  @Matches(NAME_PATTERN, NAME_RULE)
  jobId!: string;

  @Matches(NAME_PATTERN, NAME_RULE)
  sourceVideo!: string;

  @Matches(NAME_PATTERN, NAME_RULE)
  outputVideo!: string;
}

/** Body of `videos.digested`, from job-scheduler. */
export class DigestedVideoBody implements DigestedVideoRequest {
  @Matches(NAME_PATTERN, NAME_RULE)
  jobId!: string;

  @Matches(NAME_PATTERN, NAME_RULE)
  name!: string;

  @Matches(/^[0-9a-f]{64}$/)
  sha256!: string;

  @IsDefined()
  @IsObject()
  file!: StoredObject;
}

export interface WireTimeRange {
  /** RFC 3339 UTC with milliseconds. */
  readonly start: string;
  readonly end: string;
}

/** A video as it is answered: AVA's video resource, and what AVA never told. */
export interface VideoView {
  /** Generated; stands in event subjects and keys. */
  readonly id: string;
  readonly name: string;
  readonly type: 'Microsoft.Media/videoAnalyzers/videos';
  readonly systemData: { readonly createdAt: string; readonly lastModifiedAt: string };
  readonly properties: {
    readonly title?: string;
    readonly description?: string;
    readonly type: 'Archive' | 'File';
    readonly flags: {
      readonly canStream: boolean;
      readonly hasData: boolean;
      readonly isInUse: boolean;
    };
    /** Of a File: a link that is good for 15 minutes. */
    readonly contentUrls?: { readonly downloadUrl: string };
    readonly mediaInfo?: VideoMediaInfo;
    /** The name is being freed. */
    readonly deleting?: true;
  };
}

/** What an exported file holds. */
export interface VideoMediaInfo {
  readonly sizeBytes: number;
  readonly durationMs: number;
  readonly treeDigest: string;
  readonly sha256?: string;
  readonly requested: readonly WireTimeRange[];
  readonly delivered: readonly WireTimeRange[];
  readonly gaps: readonly (WireTimeRange & { readonly reason: string })[];
  readonly manifest: { readonly bucket: string; readonly key: string };
}

export interface VideoPage {
  readonly value: readonly VideoView[];
  /** Give this as `after` for the next page; absent at the end. */
  readonly after?: string;
}

export interface PutVideoReply {
  /** Whether the name was free before. */
  readonly created: boolean;
  readonly video: VideoView;
}

export interface DeleteVideoReply {
  /** `false`: there was none. */
  readonly deleted: boolean;
  /** The video is gone for callers, but its data are still being removed and its name is not free yet. */
  readonly pending?: true;
}

/** Body of the events `events.video.<id>.<created|published|digested|deleted>`. */
export interface VideoEventBody {
  readonly format: 1;
  readonly id: string;
  readonly name: string;
  readonly type: 'Archive' | 'File';
  readonly at: string;
  readonly sha256?: string;
}
