import {
  IsBoolean,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { NAME_PATTERN } from '../subjects';
import type { WireTimeRange } from './videos';

/** Body of `archive.coverage`: what is recorded in `[start, end)`. */
export class CoverageRequest {
  @Matches(NAME_PATTERN, { context: { code: 'NameInvalid' } })
  video!: string;

  @IsISO8601({ strict: true })
  start!: string;

  @IsISO8601({ strict: true })
  end!: string;
}

export interface CoverageReply {
  readonly video: string;
  readonly start: string;
  readonly end: string;
  readonly timeRanges: readonly WireTimeRange[];
  readonly gaps: readonly WireTimeRange[];
  /** The state of the index that this was read from. */
  readonly revisions: readonly { readonly hour: number; readonly revision: number }[];
}

/**
 * Body of `archive.scan`: announces the objects under a prefix that the index of a video does not know.
 * `timePattern` says where a key, behind the prefix, holds the segment's start; docs/recorders.md lists its tokens.
 */
export class ScanRequest {
  @Matches(NAME_PATTERN, { context: { code: 'NameInvalid' } })
  video!: string;

  /** `<video>/` when absent. */
  @IsOptional()
  @IsString()
  @MaxLength(900)
  prefix?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  timePattern?: string;

  /** Only says what would be announced. */
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;

  /** Younger objects are left alone: their recorder may be about to announce them. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(7 * 24 * 3600)
  minAgeSeconds?: number;

  /** Objects looked at in one request; the reply says where to go on. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  limit?: number;

  /** Key to go on behind. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  after?: string;
}

export interface ScanReply {
  readonly video: string;
  readonly prefix: string;
  readonly dryRun: boolean;
  /** Objects looked at. The five counts below add up to it. */
  readonly scanned: number;
  /** Already in the index. */
  readonly known: number;
  /** Announced now, or to be announced in a dry run. */
  readonly announced: number;
  /** Announced within the last minutes already, and not taken yet, or refused since. */
  readonly announcedBefore: number;
  /** The pattern does not fit the key. */
  readonly unreadable: number;
  readonly tooYoung: number;
  readonly samples: {
    readonly announced: readonly { readonly key: string; readonly start: string }[];
    readonly unreadable: readonly string[];
  };
  /** Give this as `after` to go on; absent at the end. */
  readonly after?: string;
}

/** What `archive.scan` uses when it is told nothing: the keys that our own recorder writes. */
export const DEFAULT_TIME_PATTERN = '{yyyy}/{mm}/{dd}/{hh}/{epochMs}-{*}.mp4';
