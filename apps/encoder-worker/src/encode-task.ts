import {
  BUCKETS,
  COPY_TASK,
  encodeJobOf,
  partKey,
  placeOfPart,
  SOUND_TASK,
  type JobRecord,
  type TaskOutcome,
  type TaskRecord,
} from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { copyPictureArguments, pictureArguments } from '@clipmesh/ffmpeg';
import type { TaskContext } from '@clipmesh/service-kit';
import { commonScale } from './common-scale';
import { encodeEdge } from './encode-edge';
import { encodePart } from './encode-part';
import { encodeSound } from './encode-sound';
import type { Encoders } from './encoders';
import type { FeedReader } from './feed';
import { storePieces, type EncodedPartPieces, type WrittenPiece } from './pieces';

/**
 * One encode task of a job: a part of its pictures, or all of its sound. Writes objects under keys of this claim and says
 * what they are; the sink joins what all tasks have made.
 */
export async function runEncodeTask(
  encoders: Encoders,
  feeds: FeedReader,
  task: TaskRecord,
  job: JobRecord,
  { signal, claim, progress }: TaskContext,
): Promise<TaskOutcome> {
  const place = { ...task, claim };
  const context: EncodeContext = {
    task,
    job,
    signal,
    refOf: (piece: number) => ({ bucket: BUCKETS.work, key: partKey(place, piece) }),
    onProgress: (done: number) => {
      progress(100 * done);
    },
  };
  return storePieces(encoders.store, place, await make(encoders, feeds, context), { signal });
}

interface EncodeContext {
  readonly task: TaskRecord;
  readonly job: JobRecord;
  readonly signal: AbortSignal;
  readonly refOf: (piece: number) => { readonly bucket: string; readonly key: string };
  readonly onProgress: (done: number) => void;
}

async function make(
  encoders: Encoders,
  feeds: FeedReader,
  context: EncodeContext,
): Promise<EncodedPartPieces> {
  switch (context.task.task) {
    case SOUND_TASK: {
      const job = encodeJobOf(context.job);
      return { pieces: await encodeSound(encoders, feeds, { ...context, job }), gaps: [] };
    }
    case COPY_TASK:
      return { pieces: [await copyPictures(encoders, feeds, context)], gaps: [] };
    default:
      return makePart(encoders, feeds, context);
  }
}

async function makePart(
  encoders: Encoders,
  feeds: FeedReader,
  { task, job: record, ...context }: EncodeContext,
): Promise<EncodedPartPieces> {
  const job = encodeJobOf(record);
  const { planned } = record;
  if (planned === undefined) {
    throw missing(task);
  }
  const { feed: number, window } = placeOfPart(planned, Number(task.task));
  const feed = await feeds.read(job, number, context);
  const part = feed.parts[window];
  if (part === undefined) {
    throw missing(task);
  }
  const framesPerSecond = job.files[0]?.feed.framesPerSecond ?? 1;
  const { clock, files, settings } = job;
  const order = { ...context, ...feed, part, clock, attempt: task.attempt, gaps: record.options.gaps };
  if (settings === 'edges') {
    return encodeEdge(encoders, { ...order, framesPerSecond });
  }
  const { video } = settings;
  if (video === 'copy') {
    throw missing(task);
  }
  const scaled = commonScale(video, files);
  const { threads } = encoders;
  return encodePart(encoders, {
    ...order,
    argumentsOf: (window, times) =>
      pictureArguments({ settings: scaled, window, times, framesPerSecond, threads }),
  });
}

/** Frame for frame, without anything else that lies in the archive's objects. */
async function copyPictures(
  encoders: Encoders,
  feeds: FeedReader,
  { job: record, ...context }: EncodeContext,
): Promise<WrittenPiece> {
  const job = encodeJobOf(record);
  const { plan } = await feeds.read(job, 0, context);
  const [main] = plan.tracks;
  const object = await encoders.run({
    plan: { ...plan, tracks: plan.tracks.slice(0, 1) },
    ref: context.refOf(0),
    args: copyPictureArguments(main?.timescale ?? 1),
    signal: context.signal,
  });
  return { object, span: [0, 0] };
}

function missing({ jobName, task }: TaskRecord): ExportError {
  return new ExportError('InternalError', { message: `job ${jobName} has no part ${task} to be encoded` });
}
