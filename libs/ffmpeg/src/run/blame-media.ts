import { ExportError } from '@clipmesh/errors';

/**
 * For runs in which only the media can be at fault: ffmpeg then ends with 1, and each demuxer and decoder has words of its own for it.
 * What stopped ffmpeg from outside stays what it is.
 */
export function blameMedia(message: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof ExportError && error.code === 'EncoderCrashed' && error.details.exitCode === 1) {
      throw new ExportError('UndecodableMedia', { message, details: error.details, cause: error });
    }
    throw error;
  };
}
