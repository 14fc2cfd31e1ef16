// class-transformer's @Type reads design metadata while this file loads.
import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { EdgePolicy, GapPolicy } from '@clipmesh/archive';
import { type ErrorCode } from '@clipmesh/errors';
import { PUBLIC_JOB_STATES, type PublicJobState } from '@clipmesh/pipeline';
import type { Files } from '../records/files';
import type { JobOptions } from '../records/job-record';
import type { WorkerRecord } from '../records/worker-record';
import { LANES, NAME_PATTERN, type Lane } from '../subjects';
import { ParameterValueBody } from './topologies';
import type { WireTimeRange } from './videos';

const EDGES = [
  'edit-list',
  'keyframe-before',
  'keyframe-after',
  'smart',
] as const satisfies readonly EdgePolicy[];
const GAPS = ['collapse', 'fail'] as const satisfies readonly GapPolicy[];
const CONFIG_CHANGES = [
  'fail',
  'in-band',
  'split',
] as const satisfies readonly JobOptions['onConfigChange'][];
const DIGESTS = ['later', 'required'] as const satisfies readonly JobOptions['digest'][];

/** As AVA had it. */
const DESCRIPTION_LENGTH = 2048;
const LONGEST_WAIT_MS = 60 * 60_000;

export const DEFAULT_JOB_OPTIONS: JobOptions = {
  edges: 'edit-list',
  gaps: 'collapse',
  onConfigChange: 'fail',
  digest: 'later',
  priority: 'normal',
  waitForMediaMs: 90_000,
};

/** How the job is to run; what is absent is as in {@link DEFAULT_JOB_OPTIONS}. */
export class JobOptionsBody {
  @IsOptional()
  @IsIn(EDGES)
  edges?: EdgePolicy | null;

  @IsOptional()
  @IsIn(GAPS)
  gaps?: GapPolicy | null;

  @IsOptional()
  @IsIn(CONFIG_CHANGES)
  onConfigChange?: JobOptions['onConfigChange'] | null;

  @IsOptional()
  @IsIn(DIGESTS)
  digest?: JobOptions['digest'] | null;

  @IsOptional()
  @IsIn(LANES)
  priority?: Lane | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LONGEST_WAIT_MS)
  waitForMediaMs?: number | null;
}

/** Body of `jobs.get`, `jobs.cancel` and `jobs.delete`. */
export class JobName {
  @Matches(NAME_PATTERN)
  name!: string;
}

/** What a job is made of, but for its name. */
class JobOrder {
  @Matches(NAME_PATTERN)
  topologyName!: string;

  @IsOptional()
  @IsString()
  @MaxLength(DESCRIPTION_LENGTH)
  description?: string | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ParameterValueBody)
  parameters?: readonly ParameterValueBody[] | null;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => JobOptionsBody)
  options?: JobOptionsBody | null;
}

/** Body of `jobs.put`. The same body again is the same job. */
export class PutJobBody extends JobOrder {
  @Matches(NAME_PATTERN)
  name!: string;
}

/** Body of `jobs.estimate`: a job as it would be put; its name does not matter yet. */
export class EstimateJobBody extends JobOrder {
  @IsOptional()
  @Matches(NAME_PATTERN)
  name?: string | null;
}

/** Body of `jobs.patch`: `null` clears the description, absence keeps it. */
export class PatchJobBody extends JobName {
  @IsOptional()
  @IsString()
  @MaxLength(DESCRIPTION_LENGTH)
  description?: string | null;
}

/** Body of `jobs.list`: names in order, from behind `after`. */
export class ListJobs {
  @IsOptional()
  @Matches(NAME_PATTERN)
  topologyName?: string;

  @IsOptional()
  @IsIn(PUBLIC_JOB_STATES)
  state?: PublicJobState;

  /** At most so many; 50 when absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  top?: number;

  @IsOptional()
  @Matches(NAME_PATTERN)
  after?: string;
}

/** Where a job is, as a person would say it; finer than its state, and no promise. */
export type JobPhase = 'waiting' | 'planning' | 'encoding' | 'writing' | 'publishing' | 'stopping' | 'ended';

export interface JobProgress {
  readonly phase: JobPhase;
  /** Of this phase, 0 to 100. */
  readonly percent: number;
  /** Tries of this phase's work, as far as they were told. */
  readonly attempts: number;
  /** Of a job that waits for an encoder: how many others are before it. */
  readonly jobsBefore?: number;
  /** Of encoding: what is done, and all. */
  readonly parts?: { readonly done: number; readonly total: number };
  /** Seconds of media a second, lately. */
  readonly speed?: number;
  /** Until the end of the phase, at this speed. */
  readonly etaMs?: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** What the file holds or will hold, as soon as it is planned. */
  readonly delivered?: readonly WireTimeRange[];
  readonly gaps?: readonly (WireTimeRange & { readonly reason: string })[];
}

/** A file that a job has made. */
export interface OutputFile {
  readonly videoName: string;
  readonly bytes: number;
  readonly treeDigest: string;
  /** Absent until the file has been read once. */
  readonly sha256?: string;
  readonly durationMs: number;
}

export type JobOutput = Files<OutputFile>;

/** A video that a job has made, and a link to its file that is good for 15 minutes. */
export interface VideoLink {
  readonly video: string;
  readonly link?: string;
}

/** A job as it is answered: AVA's resource, and what AVA never told. */
export interface JobView {
  /** Generated; stands in event subjects. */
  readonly id: string;
  readonly name: string;
  readonly type: 'Microsoft.Media/videoAnalyzers/pipelineJobs';
  readonly systemData: { readonly createdAt: string; readonly lastModifiedAt: string };
  readonly properties: {
    readonly topologyName: string;
    readonly description?: string;
    /** The value of a SecretString is left out. */
    readonly parameters: readonly { readonly name: string; readonly value?: string }[];
    readonly options: JobOptions;
    readonly state: PublicJobState;
    /** When the record is removed; only of a job that has ended. */
    readonly expiration?: string;
    /** Only of a failed job. */
    readonly error?: { readonly code: ErrorCode; readonly message: string };
    readonly progress: JobProgress;
    /** Only of a completed job. */
    readonly output?: JobOutput;
  };
}

export interface PutJobReply {
  /** `false`: the same job was there already. */
  readonly created: boolean;
  readonly job: JobView;
}

export interface DeleteJobReply {
  /** `false`: there was none. */
  readonly deleted: boolean;
}

export interface JobPage {
  readonly value: readonly JobView[];
  /** Give this as `after` for the next page; absent at the end. */
  readonly after?: string;
}

/** Answer of `workers.list`. */
export interface WorkerPage {
  readonly value: readonly WorkerRecord[];
}

/** Body of a job's events: what has changed, thin; the record tells the rest. */
export interface JobEventBody extends Partial<Files<VideoLink>> {
  readonly format: 1;
  readonly name: string;
  readonly id: string;
  readonly state: PublicJobState;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}
