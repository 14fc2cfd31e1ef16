import type { ArchiveVideo } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { VideoRecords } from '../videos/video-records';

/** The recording that a job reads. Throws `SetupValidationFailure` when there is none of this name. */
export async function sourceVideo(videos: Pick<VideoRecords, 'get'>, name: string): Promise<ArchiveVideo> {
  const video = (await videos.get(name))?.value;
  if (video === undefined || video.type !== 'Archive' || video.deleting === true) {
    throw new ExportError('SetupValidationFailure', {
      message:
        video?.type === 'File'
          ? `the source video ${name} is an exported file; only what was recorded can be exported`
          : `there is no source video ${name}`,
      details: { videoName: name },
    });
  }
  return video;
}
