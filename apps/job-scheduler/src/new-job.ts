import { createHash, randomUUID } from 'node:crypto';
import {
  DEFAULT_JOB_OPTIONS,
  type JobOptions,
  type JobRecord,
  type ParameterValue,
  type PutJobBody,
  type ResolveTopologyReply,
} from '@clipmesh/contracts';
import { wallTime, type WallTime } from '@clipmesh/media';

/** A job as it is asked for, after defaults: what the same request again is compared with. */
export interface WantedJob {
  readonly name: string;
  readonly topologyName: string;
  readonly description?: string;
  readonly parameters: readonly ParameterValue[];
  readonly options: JobOptions;
}

export function readWantedJob(body: PutJobBody): WantedJob {
  return {
    name: body.name,
    topologyName: body.topologyName,
    ...(typeof body.description === 'string' && { description: body.description }),
    parameters: (body.parameters ?? []).flatMap(({ name, value }) =>
      typeof value === 'string' ? [{ name, value }] : [],
    ),
    options: readOptions(body),
  };
}

export function readOptions({ options }: Pick<PutJobBody, 'options'>): JobOptions {
  return { ...DEFAULT_JOB_OPTIONS, ...given(options ?? {}) };
}

/** Digest of what was asked for; the order of parameters says nothing. */
export function digestOf({ topologyName, description, parameters, options }: WantedJob): string {
  const sorted = [...parameters].sort((a, b) => (a.name < b.name ? -1 : 1));
  const canonical = [
    topologyName,
    description ?? null,
    sorted.map(({ name, value }) => [name, value]),
    Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

export function makeJob(
  wanted: WantedJob,
  { pipeline, secrets }: Pick<ResolveTopologyReply, 'pipeline' | 'secrets'>,
  deadlineMs: number,
  now: WallTime,
): JobRecord {
  return {
    format: 1,
    id: randomUUID(),
    ...wanted,
    secrets,
    bodyDigest: digestOf(wanted),
    pipeline,
    state: 'queued',
    createdAtMs: now,
    lastModifiedAtMs: now,
    deadlineMs: wallTime(now + deadlineMs),
  };
}

/** Options that were given; `null` stands for the default. */
function given(options: object): Partial<JobOptions> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== null && value !== undefined),
  );
}
