import { REQUESTS, type JobRecord, type PublishVideoRequest } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { Surroundings } from '../surroundings';

/** Has segment-reader make the committed file visible; repeatable, by job id. */
export async function publishVideo({ bus }: Surroundings, job: JobRecord): Promise<void> {
  const { written, pipeline } = job;
  if (written === undefined) {
    throw new ExportError('InternalError', { message: `job ${job.name} is publishing and has no file` });
  }
  const { videoName, title, description } = pipeline.sink;
  const request: PublishVideoRequest = {
    jobId: job.id,
    name: videoName,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    requested: pipeline.source.ranges,
    export: written,
  };
  await bus.request(REQUESTS.videosPublish, request);
}
