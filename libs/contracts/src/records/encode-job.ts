import { EncodeClock } from '@clipmesh/archive';
import { ExportError } from '@clipmesh/errors';
import { exactFrameRate, needsEncoder, type EncoderSettings } from '@clipmesh/pipeline';
import { listFiles } from './files';
import type { JobRecord, PlannedFile } from './job-record';

/** Everything of a job that its encode tasks share. */
export interface EncodeJob {
  /** `edges`: the video stays as it was recorded but for the edges of its ranges. */
  readonly settings: EncoderSettings | 'edges';
  readonly files: readonly FeedFile[];
  readonly clock: EncodeClock;
}

export type FeedFile = PlannedFile & { readonly feed: NonNullable<PlannedFile['feed']> };

/** Throws `InternalError` for a job that is not planned for encoders. */
export function encodeJobOf(job: JobRecord): EncodeJob {
  const { planned, pipeline } = job;
  const files = planned === undefined ? [] : listFiles<PlannedFile>(planned).filter(hasFeed);
  const [first] = files;
  if (first === undefined) {
    throw new ExportError('InternalError', { message: `job ${job.name} is to be encoded and has no feed` });
  }
  const { encoder } = pipeline;
  if (!needsEncoder(encoder)) {
    return { settings: 'edges', files, clock: new EncodeClock(first.feed.timescale) };
  }
  const { video } = encoder;
  const rate =
    video === 'copy' || video.frameRate === undefined ? undefined : exactFrameRate(video.frameRate);
  return { settings: encoder, files, clock: new EncodeClock(first.feed.timescale, rate) };
}

const hasFeed = (file: PlannedFile): file is FeedFile => file.feed !== undefined;
