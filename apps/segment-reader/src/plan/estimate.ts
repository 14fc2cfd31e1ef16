import { toMovie, type MoviePlan } from '@clipmesh/archive';
import { planFromCatalog, type CatalogReader, type PlanOrder } from '@clipmesh/catalog';
import {
  planSummary,
  type EstimateArchiveBody,
  type EstimatedError,
  type JobEstimate,
} from '@clipmesh/contracts';
import { ExportError, toExportError } from '@clipmesh/errors';
import { layOutMovie } from '@clipmesh/media';
import { wireRange } from '../videos/video-view';
import type { VideoRecords } from '../videos/video-records';
import { encodedBytes } from './encoded-bytes';
import { planOrder } from './plan-order';
import { sourceVideo } from './source-video';

type Request = Readonly<EstimateArchiveBody>;

/** Says what a job would deliver: plans as its plan task would, and keeps, reserves and holds nothing. */
export class Estimator {
  constructor(
    private readonly videos: VideoRecords,
    private readonly catalog: CatalogReader,
  ) {}

  /** What the job would fail with stands in the answer; what is thrown are errors that the job would be tried again for. */
  async estimate(request: Request): Promise<JobEstimate> {
    const errors = await this.outputErrors(request);
    try {
      const archive = await sourceVideo(this.videos, request.pipeline.source.videoName);
      const { plan, error } = await this.plan(planOrder(archive, request));
      return this.describe(request, plan, error === undefined ? errors : [...errors, error]);
    } catch (thrown) {
      return this.describe(request, undefined, [...errors, finalError(thrown)]);
    }
  }

  private async outputErrors({ pipeline }: Request): Promise<EstimatedError[]> {
    const name = pipeline.sink.videoName;
    if ((await this.videos.get(name)) === undefined) {
      return [];
    }
    const message = `the output video ${name} exists already`;
    return [told(new ExportError('OutputVideoExists', { message }))];
  }

  /** Where gaps would fail the job, they and the rest are still worth telling. */
  private async plan(order: PlanOrder): Promise<{ plan: MoviePlan; error?: EstimatedError }> {
    try {
      return { plan: await planFromCatalog(this.catalog, order) };
    } catch (thrown) {
      const error = finalError(thrown);
      if (error.code !== 'RangeHasGaps') {
        throw thrown;
      }
      return { plan: await planFromCatalog(this.catalog, { ...order, gaps: 'collapse' }), error };
    }
  }

  private describe(
    { pipeline, options }: Request,
    plan: MoviePlan | undefined,
    errors: readonly EstimatedError[],
  ): JobEstimate {
    const { source, encoder } = pipeline;
    return {
      sourceVideo: source.videoName,
      requested: source.ranges.map(wireRange),
      edges: encoder === undefined ? options.edges : 'exact',
      ...(plan === undefined ? NOTHING : { ...contentsOf(plan), bytes: bytesOf(plan, pipeline) }),
      errors,
    };
  }
}

/** What is known of a job that cannot be planned. */
const NOTHING = { delivered: [], gaps: [], durationMs: 0, codecs: [], warnings: [] };

function contentsOf(plan: MoviePlan): Pick<JobEstimate, keyof typeof NOTHING> {
  const { delivered, gaps, durationMs, codecs, warnings } = planSummary(plan);
  return {
    delivered: delivered.map(wireRange),
    gaps: gaps.map((gap) => ({ ...wireRange(gap), reason: gap.reason })),
    durationMs,
    codecs,
    warnings,
  };
}

function bytesOf(plan: MoviePlan, { encoder, sink }: Request['pipeline']): NonNullable<JobEstimate['bytes']> {
  return encoder === undefined
    ? { value: fileBytes(plan, sink.title), isExact: true }
    : { value: encodedBytes(plan, encoder), isExact: false };
}

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
