import {
  NAME_PATTERN,
  outputVideoName,
  type DigestedVideoRequest,
  type FileVideo,
  type PublishVideoRequest,
  type ReleaseVideosRequest,
  type VideoRecord,
} from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { ObjectStore } from '@clipmesh/object-store';
import type { Holds } from './holds';
import { isReservation, type VideoRecords, type VideoTextFacts } from './video-records';

/** What a job's sink says of its videos. */
export type OutputSink = VideoTextFacts & { readonly videoName: string };

/** The videos of type File that a job makes: reserved while it plans, visible when it has committed. All repeatable. */
export class OutputVideos {
  constructor(
    private readonly records: VideoRecords,
    private readonly holds: Holds,
    private readonly store: Pick<ObjectStore, 'head'>,
  ) {}

  /**
   * Reserves the name of one of a job's files; `index` counts them from 0, in which order they are to be reserved.
   * @throws ExportError `OutputVideoExists` when the name belongs to anybody else, `NameInvalid` when there can be none
   * that long.
   */
  async reserve(jobId: string, sink: OutputSink, index = 0): Promise<void> {
    const { videoName, ...texts } = sink;
    const name = outputVideoName(videoName, index);
    if (!NAME_PATTERN.test(name)) {
      throw refuseOutputName(name, index);
    }
    const made = this.records.newFile(name, texts, { jobId, visibility: 'reserved' });
    const stands = await this.records.change(name, (video) => (video === undefined ? made : undefined));
    if (stands?.type !== 'File' || stands.jobId !== jobId) {
      throw new ExportError('OutputVideoExists', {
        message: `the output video ${name} exists already`,
        details: { name },
      });
    }
  }

  /**
   * Makes the file visible. Once it was, and somebody has deleted it since with its objects, it stays deleted: the job
   * is told the same as before.
   */
  async publish(request: Readonly<PublishVideoRequest>): Promise<FileVideo | undefined> {
    const isStored = (await this.store.head(request.export.file)) !== undefined;
    const stands = await this.records.change(request.name, (video) => {
      if (video === undefined) {
        return isStored ? this.published(request) : undefined;
      }
      return isReservation(video) && video.jobId === request.jobId
        ? { ...this.published(request), id: video.id, createdAtMs: video.createdAtMs }
        : undefined;
    });
    if (stands !== undefined && isOf(stands, request.jobId)) {
      return stands;
    }
    if (stands !== undefined && isStored) {
      throw new ExportError('OutputVideoExists', {
        message: `the output video ${request.name} belongs to somebody else`,
        details: { name: request.name, jobId: request.jobId },
      });
    }
    return undefined;
  }

  /** Gives up what the job held and reserved; a published video stays. */
  async release(request: Readonly<ReleaseVideosRequest>): Promise<void> {
    await this.holds.release(request.jobId);
    for (const name of (await this.namesOf(request)).reverse()) {
      await this.records.dropReservation(name, request.jobId);
    }
  }

  /**
   * The names that a job's files have. They are reserved one after another and given up from the last to the first, so
   * that those that are still the job's have no hole between them, wherever a process died.
   */
  private async namesOf({ jobId, outputVideo }: Readonly<ReleaseVideosRequest>): Promise<string[]> {
    const names: string[] = [];
    for (;;) {
      const name = outputVideoName(outputVideo, names.length);
      const video = (await this.records.get(name))?.value;
      if (video === undefined || !isOf(video, jobId)) {
        return names;
      }
      names.push(name);
    }
  }

  /** Notes the digest of the very file that the video has; a video that is gone, or has another file, is left alone. */
  async noteDigest(request: DigestedVideoRequest): Promise<FileVideo | undefined> {
    const video = await this.records.change(request.name, (stands) => {
      const file = stands?.type === 'File' && stands.jobId === request.jobId ? stands.export : undefined;
      return stands?.type !== 'File' || file?.file.key !== request.file.key || file.sha256 !== undefined
        ? undefined
        : { ...stands, export: { ...file, sha256: request.sha256 } };
    });
    return video !== undefined && isOf(video, request.jobId) ? video : undefined;
  }

  private published(request: Readonly<PublishVideoRequest>): FileVideo {
    const { title, description, jobId } = request;
    const texts = {
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
    };
    return {
      ...this.records.newFile(request.name, texts, { jobId, visibility: 'published' }),
      export: request.export,
    };
  }
}

/** Only names behind the first can be no names: what is appended makes them too long. */
export function refuseOutputName(name: string, index: number): ExportError {
  return new ExportError('NameInvalid', {
    message: `the job makes several files, and ${name} is too long for the name of number ${index + 1}`,
    hint: 'Use a shorter name for the output video.',
    target: 'videoName',
  });
}

const isOf = (video: VideoRecord, jobId: string): video is FileVideo =>
  video.type === 'File' && video.jobId === jobId;
