import {
  asFiles,
  formatInstant,
  listFiles,
  outputVideoName,
  type JobOutput,
  type JobPhase,
  type JobProgress,
  type JobRecord,
  type JobView,
  type OutputFile,
  type PlannedFile,
  type PlannedMovie,
  type PlanSummary,
  type ProgressRecord,
  type WireTimeRange,
  type WrittenFile,
} from '@clipmesh/contracts';
import type { TimeRange } from '@clipmesh/media';
import { publicState, type JobState } from '@clipmesh/pipeline';

const PHASES: Readonly<Record<JobState, JobPhase>> = {
  queued: 'waiting',
  planning: 'planning',
  encoding: 'encoding',
  writing: 'writing',
  publishing: 'publishing',
  canceling: 'stopping',
  completed: 'ended',
  failed: 'ended',
  canceled: 'ended',
};

/** A job as callers see it: the one projection of the record. */
export function viewJob(job: JobRecord, progress?: ProgressRecord, jobsBefore?: number): JobView {
  const { description, expirationMs } = job;
  const output = outputOf(job);
  return {
    id: job.id,
    name: job.name,
    type: 'Microsoft.Media/videoAnalyzers/pipelineJobs',
    systemData: {
      createdAt: formatInstant(job.createdAtMs),
      lastModifiedAt: formatInstant(job.lastModifiedAtMs),
    },
    properties: {
      topologyName: job.topologyName,
      ...(description !== undefined && { description }),
      parameters: job.parameters.map(({ name, value }) =>
        job.secrets.includes(name) ? { name } : { name, value },
      ),
      options: job.options,
      state: publicState(job.state),
      ...(expirationMs !== undefined && { expiration: formatInstant(expirationMs) }),
      ...errorOf(job),
      progress: { ...progressOf(job, progress), ...(jobsBefore !== undefined && { jobsBefore }) },
      ...(output !== undefined && { output }),
    },
  };
}

export function errorOf(job: JobRecord): Pick<JobView['properties'], 'error'> {
  const { state, reason } = job;
  return state === 'failed' && reason !== undefined
    ? { error: { code: reason.code, message: reason.message } }
    : {};
}

function progressOf(job: JobRecord, told: ProgressRecord | undefined): JobProgress {
  const phase = PHASES[job.state];
  const toldOfThis = told?.phase === phase ? told : undefined;
  return {
    phase,
    percent: job.state === 'completed' ? 100 : (toldOfThis?.percent ?? 0),
    attempts: toldOfThis?.attempt ?? (phase === 'ended' || phase === 'waiting' ? 0 : 1),
    warnings: summariesOf(job.planned).flatMap(({ warnings }) => warnings),
    ...speedOf(toldOfThis),
    ...contentsOf(job),
  };
}

function speedOf(told: ProgressRecord | undefined): Pick<JobProgress, 'parts' | 'speed' | 'etaMs'> {
  const { parts, speed, etaMs } = told ?? {};
  return {
    ...(parts !== undefined && { parts }),
    ...(speed !== undefined && { speed }),
    ...(etaMs !== undefined && { etaMs }),
  };
}

/** What the files hold, or will hold as far as they are planned. */
function contentsOf({ written, encoded, planned }: JobRecord): Pick<JobProgress, 'delivered' | 'gaps'> {
  const contents = written === undefined ? summariesOf(planned) : listFiles<WrittenFile>(written);
  const undecodable = written === undefined ? (encoded?.gaps ?? []) : [];
  return contents.length === 0
    ? {}
    : {
        delivered: contents.flatMap(({ delivered }) => delivered.map(wireRange)),
        gaps: [...contents.flatMap(({ gaps }) => gaps), ...undecodable].map((gap) => ({
          ...wireRange(gap),
          reason: gap.reason,
        })),
      };
}

function summariesOf(planned: PlannedMovie | undefined): readonly PlanSummary[] {
  return planned === undefined ? [] : listFiles<PlannedFile>(planned).map(({ summary }) => summary);
}

function outputOf({ state, written, pipeline }: JobRecord): JobOutput | undefined {
  if (state !== 'completed' || written === undefined) {
    return undefined;
  }
  const files = listFiles<WrittenFile>(written);
  return asFiles(files.map((file, i) => outputFile(outputVideoName(pipeline.sink.videoName, i), file)));
}

function outputFile(videoName: string, { file, treeDigest, sha256, delivered }: WrittenFile): OutputFile {
  return {
    videoName,
    bytes: file.sizeBytes,
    treeDigest,
    ...(sha256 !== undefined && { sha256 }),
    durationMs: delivered.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs), 0),
  };
}

const wireRange = ({ startMs, endMs }: TimeRange): WireTimeRange => ({
  start: formatInstant(startMs),
  end: formatInstant(endMs),
});
