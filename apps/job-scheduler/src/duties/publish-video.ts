import {
  listFiles,
  outputVideoName,
  REQUESTS,
  type JobRecord,
  type PublishVideoRequest,
  type WrittenFile,
} from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { Surroundings } from '../surroundings';

/** Has segment-reader make the committed files visible; repeatable, by job id. */
export async function publishVideo({ bus }: Surroundings, job: JobRecord): Promise<void> {
  const { written, pipeline } = job;
  if (written === undefined) {
    throw new ExportError('InternalError', { message: `job ${job.name} is publishing and has no file` });
  }
  const { videoName, title, description } = pipeline.sink;
  for (const [i, file] of listFiles<WrittenFile>(written).entries()) {
    const request: PublishVideoRequest = {
      jobId: job.id,
      name: outputVideoName(videoName, i),
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      export: file,
    };
    await bus.request(REQUESTS.videosPublish, request);
  }
}
