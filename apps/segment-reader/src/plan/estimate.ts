import { toMovie, type MoviePlan } from '@clipmesh/archive';
import {
  NAME_PATTERN,
  outputVideoName,
  planSummary,
  type EstimateArchiveBody,
  type EstimatedError,
  type ArchiveVideo,
  type JobEstimate,
  type PlanSummary,
} from '@clipmesh/contracts';
import { ExportError, toExportError } from '@clipmesh/errors';
import { layOutMovie } from '@clipmesh/media';
import { wireRange } from '../videos/video-view';
import { refuseOutputName } from '../videos/output-videos';
import type { VideoRecords } from '../videos/video-records';
import { needsEncoder } from '@clipmesh/pipeline';
import { encodedBytes } from './encoded-bytes';
import { feedingOf } from './feeding';
import type { FilePlanner } from './file-planner';
import { sourceVideo } from './source-video';

type Request = Readonly<EstimateArchiveBody>;

interface Planned {
  readonly plans: readonly MoviePlan[];
  readonly error?: EstimatedError;
}

/** Says what a job would deliver: plans as its plan task would, and keeps, reserves and holds nothing. */
export class Estimator {
  constructor(
    private readonly videos: VideoRecords,
    private readonly planner: FilePlanner,
  ) {}

  /** What the job would fail with stands in the answer; what is thrown are errors that the job would be tried again for. */
  async estimate(request: Request): Promise<JobEstimate> {
    try {
      const archive = await sourceVideo(this.videos, request.pipeline.source.videoName);
      const { plans, error } = await this.plan(archive, request);
      const files = feedingOf(request) === undefined ? plans.length : 1;
      const errors = await this.outputErrors(request, files);
      return this.describe(request, plans, error === undefined ? errors : [...errors, error]);
    } catch (thrown) {
      const errors = [...(await this.outputErrors(request, 1)), finalError(thrown)];
      return this.describe(request, [], errors);
    }
  }

  private async outputErrors({ pipeline }: Request, files: number): Promise<EstimatedError[]> {
    const errors: EstimatedError[] = [];
    for (let index = 0; index < files; index++) {
      const error = await this.outputError(pipeline.sink.videoName, index);
      errors.push(...(error === undefined ? [] : [told(error)]));
    }
    return errors;
  }

  private async outputError(videoName: string, index: number): Promise<ExportError | undefined> {
    const name = outputVideoName(videoName, index);
    if (!NAME_PATTERN.test(name)) {
      return refuseOutputName(name, index);
    }
    const message = `the output video ${name} exists already`;
    return (await this.videos.get(name)) && new ExportError('OutputVideoExists', { message });
  }

  /** Where gaps would fail the job, they and the rest are still worth telling. */
  private async plan(archive: ArchiveVideo, request: Request): Promise<Planned> {
    try {
      return { plans: await this.planner.plan(archive, request) };
    } catch (thrown) {
      const error = finalError(thrown);
      if (error.code !== 'RangeHasGaps') {
        throw thrown;
      }
      const collapsed = { ...request, options: { ...request.options, gaps: 'collapse' as const } };
      return { plans: await this.planner.plan(archive, collapsed), error };
    }
  }

  private describe(
    { pipeline, options }: Request,
    plans: readonly MoviePlan[],
    errors: readonly EstimatedError[],
  ): JobEstimate {
    const { source, encoder } = pipeline;
    return {
      sourceVideo: source.videoName,
      requested: source.ranges.map(wireRange),
      edges: isCut(encoder) ? options.edges : 'exact',
      files: needsEncoder(encoder) ? Math.min(plans.length, 1) : plans.length,
      ...contentsOf(plans.map(planSummary)),
      ...(plans.length === 0 ? {} : { bytes: bytesOf(plans, pipeline) }),
      errors,
    };
  }
}

/** Whether its pictures stay as they were recorded: an encoder cuts where it likes. */
const isCut = (encoder: Request['pipeline']['encoder']): boolean =>
  encoder === undefined || encoder.video === 'copy';

/** All files together, in order. */
function contentsOf(
  files: readonly PlanSummary[],
): Pick<JobEstimate, 'delivered' | 'gaps' | 'durationMs' | 'codecs' | 'warnings'> {
  return {
    delivered: files.flatMap(({ delivered }) => delivered.map(wireRange)),
    gaps: files.flatMap(({ gaps }) => gaps.map((gap) => ({ ...wireRange(gap), reason: gap.reason }))),
    durationMs: sum(files.map(({ durationMs }) => durationMs)),
    codecs: [...new Set(files.flatMap(({ codecs }) => codecs))],
    warnings: files.flatMap(({ warnings }) => warnings),
  };
}

function bytesOf(
  plans: readonly MoviePlan[],
  { encoder, sink }: Request['pipeline'],
): NonNullable<JobEstimate['bytes']> {
  if (needsEncoder(encoder)) {
    return { value: sum(plans.map((plan) => encodedBytes(plan, encoder))), isExact: false };
  }
  const isExact = plans.every(({ edges }) => edges !== 'smart');
  return { value: sum(plans.map((plan) => fileBytes(plan, sink.title))), isExact };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function fileBytes(plan: MoviePlan, title: string | undefined): number {
  return layOutMovie(toMovie(plan, title === undefined ? {} : { title })).sizeBytes;
}

/** Throws what a job would be tried again for: it says nothing of the range. */
function finalError(thrown: unknown): EstimatedError {
  const error = toExportError(thrown);
  if (error.retryable) {
    throw thrown;
  }
  return told(error);
}

const told = ({ code, message, hint }: ExportError): EstimatedError => ({ code, message, hint });
