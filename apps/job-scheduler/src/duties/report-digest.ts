import { REQUESTS, type DigestedVideoRequest, type JobRecord, type TaskRecord } from '@clipmesh/contracts';
import { noteDigest } from '@clipmesh/pipeline';
import type { Transition } from '../job-service';
import type { Surroundings } from '../surroundings';

/** Tells the digest of a published file to its video, and then notes it; in this order, so that a crash repeats both. */
export async function reportDigest(
  { bus }: Surroundings,
  job: JobRecord,
  task: TaskRecord,
): Promise<Transition | undefined> {
  const { outcome } = task;
  if (outcome?.stage !== 'digest' || job.written === undefined) {
    return undefined;
  }
  const { sha256 } = outcome;
  const request: DigestedVideoRequest = {
    jobId: job.id,
    name: job.pipeline.sink.videoName,
    sha256,
    file: job.written.file,
  };
  await bus.request(REQUESTS.videosDigested, request);
  return (current, now) => noteDigest(current, { sha256 }, now);
}
