import { EncodeClock } from '@clipmesh/archive';
import { ExportError } from '@clipmesh/errors';
import { exactFrameRate, needsEncoder, type EncoderSettings } from '@clipmesh/pipeline';
import { listFiles } from './files';
import type { JobRecord, PlannedFile } from './job-record';

/** Everything of a job that its encode tasks share. */
export interface EncodeJob {
  readonly settings: EncoderSettings;
  readonly files: readonly FeedFile[];
  readonly clock: EncodeClock;
}

export type FeedFile = PlannedFile & { readonly feed: NonNullable<PlannedFile['feed']> };

/** Throws `InternalError` for a job that is not planned for encoders. */
export function encodeJobOf(job: JobRecord): EncodeJob {
  const { planned, pipeline } = job;
  const files = planned === undefined ? [] : listFiles<PlannedFile>(planned).filter(hasFeed);
  const [first] = files;
  if (first === undefined || !needsEncoder(pipeline.encoder)) {
    throw new ExportError('InternalError', { message: `job ${job.name} is to be encoded and has no feed` });
  }
  const { video } = pipeline.encoder;
  const rate =
    video === 'copy' || video.frameRate === undefined ? undefined : exactFrameRate(video.frameRate);
  return { settings: pipeline.encoder, files, clock: new EncodeClock(first.feed.timescale, rate) };
}

const hasFeed = (file: PlannedFile): file is FeedFile => file.feed !== undefined;
