// class-transformer's @Type reads design metadata while this file loads.
import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { ResolvedPipeline, Topology } from '@clipmesh/pipeline';
import { NAME_PATTERN } from '../subjects';

/** Body of `topologies.get` and `topologies.delete`. */
export class TopologyName {
  @Matches(NAME_PATTERN)
  name!: string;
}

/**
 * Body of `topologies.put`: AVA's resource as it is, with its name. The graph is judged by `parseTopology`, which
 * says everything that is wrong with it at once; here stands only which members there are.
 * In `topologies.patch` the members of `properties` that are given take the place of the stored ones;
 * `null` clears, absence keeps.
 */
export class TopologyBody extends TopologyName {
  @Allow()
  kind?: unknown;

  @Allow()
  sku?: unknown;

  @Allow()
  properties?: unknown;

  // Read-only: a GET answers them, a PUT or PATCH may bring them back.
  @Allow()
  id?: unknown;

  @Allow()
  type?: unknown;

  @Allow()
  systemData?: unknown;
}

/** Body of `topologies.list`: names in order, from behind `after`. */
export class ListTopologies {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  top?: number;

  @IsOptional()
  @Matches(NAME_PATTERN)
  after?: string;
}

/** A parameter as a job gives it. The value is a text whatever the type. */
export class ParameterValueBody {
  @IsString()
  name!: string;

  @IsOptional()
  @IsString()
  value?: string | null;
}

/** Body of `topologies.resolve`, from job-scheduler. */
export class ResolveTopologyBody extends TopologyName {
  @Matches(NAME_PATTERN)
  jobName!: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ParameterValueBody)
  parameters?: readonly ParameterValueBody[];
}

/** A topology as it is answered: AVA's resource. */
export interface TopologyView {
  /** Generated; stands in event subjects. */
  readonly id: string;
  readonly name: string;
  readonly type: 'Microsoft.Media/videoAnalyzers/pipelineTopologies';
  readonly systemData: { readonly createdAt: string; readonly lastModifiedAt: string };
  readonly kind: Topology['kind'];
  readonly sku: Topology['sku'] & { readonly tier: 'Standard' };
  /** Without the defaults of SecretStrings. Parameters by name, save in the answer to a put. */
  readonly properties: Topology['properties'];
}

export interface PutTopologyReply {
  /** Whether the name was free before. */
  readonly created: boolean;
  readonly topology: TopologyView;
}

export interface DeleteTopologyReply {
  /** `false`: there was none. */
  readonly deleted: boolean;
}

export interface TopologyPage {
  readonly value: readonly TopologyView[];
  /** Give this as `after` for the next page; absent at the end. */
  readonly after?: string;
}

export interface ResolveTopologyReply {
  readonly pipeline: ResolvedPipeline;
  /** Of the topology's record. */
  readonly revision: number;
  /** Names of the parameters whose values are never to be echoed. */
  readonly secrets: readonly string[];
}
