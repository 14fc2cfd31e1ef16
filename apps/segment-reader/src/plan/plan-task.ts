import { encodeMoviePlan, type MoviePlan, type PlanWarning } from '@clipmesh/archive';
import {
  asFiles,
  BUCKETS,
  planKey,
  planSummary,
  type ArchiveVideo,
  type JobRecord,
  type PlannedFile,
  type StoredObject,
  type TaskOutcome,
  type TaskRecord,
} from '@clipmesh/contracts';
import type { ObjectStore } from '@clipmesh/object-store';
import { ExportError } from '@clipmesh/errors';
import type { Postponement, TaskContext } from '@clipmesh/service-kit';
import type { Catalog } from '../catalog/catalog';
import type { Holds } from '../videos/holds';
import type { OutputVideos } from '../videos/output-videos';
import type { Clock, VideoRecords } from '../videos/video-records';
import { feedFacts, feedPlan } from './feed-plan';
import { feedingOf } from './feeding';
import type { FilePlanner } from './file-planner';
import { isMediaToCome } from './media-to-come';
import { sourceVideo } from './source-video';

const LOOK_AGAIN_MS = 1_000;

/** Turns a job's ranges into a movie plan: reserves the output, holds the source, reads the index, stores the plan. */
export class PlanTask {
  constructor(
    private readonly videos: VideoRecords,
    private readonly outputs: OutputVideos,
    private readonly holds: Holds,
    private readonly catalog: Catalog,
    private readonly files: FilePlanner,
    private readonly store: Pick<ObjectStore, 'put'>,
    private readonly now: Clock,
    /** About so long is a part that one encoder makes. */
    private readonly partMs: number,
  ) {}

  readonly run = async (
    task: TaskRecord,
    job: JobRecord,
    context: TaskContext,
  ): Promise<TaskOutcome | Postponement> => {
    const { source, sink } = job.pipeline;
    const archive = await sourceVideo(this.videos, source.videoName);
    await this.outputs.reserve(job.id, sink);
    await this.hold(archive, job);
    context.signal.throwIfAborted();
    if (await isMediaToCome(this.catalog.reader, archive.id, job, this.now())) {
      return { postpone: { delayMs: LOOK_AGAIN_MS, reason: 'the end of the range is still being recorded' } };
    }
    const plans = await this.plan(archive, job, waitWarning(task), context.signal);
    const feeding = feedingOf(job);
    for (const further of feeding === undefined ? plans.keys() : []) {
      await this.outputs.reserve(job.id, sink, further);
    }
    const files: PlannedFile[] = [];
    for (const planned of plans) {
      const plan = feeding === undefined ? planned : feedPlan(planned, feeding, this.partMs);
      const stored = await this.save(plan, files.length, task, context);
      const feed = feeding === undefined ? {} : { feed: feedFacts(plan) };
      files.push({ plan: stored, summary: planSummary(plan), ...feed });
    }
    return { stage: 'plan', ...asFiles(files) };
  };

  /** The hold first, then a look: a removal marks first and then looks for holds, so one of the two sees the other. */
  private async hold(archive: ArchiveVideo, job: JobRecord): Promise<void> {
    const { ranges } = job.pipeline.source;
    await this.holds.take({ videoId: archive.id, videoName: archive.name, jobId: job.id, ranges });
    const stands = await sourceVideo(this.videos, archive.name);
    if (stands.id !== archive.id) {
      throw new ExportError('RevisionStale', {
        message: `the video ${archive.name} was made anew meanwhile`,
      });
    }
  }

  /** Warnings of the job as a whole stand with its first file. */
  private async plan(
    archive: ArchiveVideo,
    job: JobRecord,
    warnings: readonly PlanWarning[],
    signal: AbortSignal,
  ): Promise<readonly MoviePlan[]> {
    const plans = await this.files.plan(archive, job, { signal });
    return plans.map((plan, i) => (i === 0 ? { ...plan, warnings: [...plan.warnings, ...warnings] } : plan));
  }

  private async save(
    plan: MoviePlan,
    index: number,
    task: TaskRecord,
    { claim, signal }: TaskContext,
  ): Promise<StoredObject> {
    const bytes = encodeMoviePlan(plan);
    const ref = { bucket: BUCKETS.work, key: planKey({ ...task, claim }, index) };
    const { etag } = await this.store.put(ref, bytes, { signal });
    return { ...ref, etag, sizeBytes: bytes.length };
  }
}

function waitWarning(task: TaskRecord): readonly PlanWarning[] {
  return task.reason?.kind === 'postponed' && task.reason.code === 'MediaAwaited'
    ? [
        {
          code: 'WaitedForMedia',
          message: 'the end of the range was still being recorded; the job waited for it',
        },
      ]
    : [];
}
