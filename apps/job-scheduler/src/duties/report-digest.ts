import {
  asFiles,
  listFiles,
  outputVideoName,
  REQUESTS,
  type DigestedVideoRequest,
  type FileDigest,
  type JobRecord,
  type TaskRecord,
  type WrittenFile,
} from '@clipmesh/contracts';
import { noteDigest } from '@clipmesh/pipeline';
import type { Transition } from '../job-service';
import type { Surroundings } from '../surroundings';

/** Tells the digests of published files to their videos, and then notes them; in this order, so that a crash repeats both. */
export async function reportDigest(
  { bus }: Surroundings,
  job: JobRecord,
  task: TaskRecord,
): Promise<Transition | undefined> {
  const { outcome } = task;
  if (outcome?.stage !== 'digest' || job.written === undefined) {
    return undefined;
  }
  const digests = listFiles<FileDigest>(outcome);
  const files = listFiles<WrittenFile>(job.written).map((file, i) => ({ ...file, ...digests[i] }));
  for (const [i, { file, sha256 }] of files.entries()) {
    if (sha256 !== undefined) {
      const name = outputVideoName(job.pipeline.sink.videoName, i);
      const request: DigestedVideoRequest = { jobId: job.id, name, sha256, file };
      await bus.request(REQUESTS.videosDigested, request);
    }
  }
  return (current, now) => noteDigest(current, { written: asFiles(files) }, now);
}
