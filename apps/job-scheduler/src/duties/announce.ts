import {
  asFiles,
  eventSubject,
  formatInstant,
  listFiles,
  outputVideoName,
  REQUESTS,
  type JobEventBody,
  type JobRecord,
  type VideoLink,
  type VideoView,
  type WrittenFile,
} from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { publicState, type JobState } from '@clipmesh/pipeline';
import { errorOf } from '../job-view';
import type { Surroundings } from '../surroundings';

/** Publishes the event of a state, once however often it is asked for: no subject of an event is used twice. */
export async function announce(around: Surroundings, job: JobRecord, state: JobState): Promise<void> {
  const type = state === 'queued' ? 'created' : state;
  const body: JobEventBody = {
    format: 1,
    name: job.name,
    id: job.id,
    state: publicState(state),
    at: formatInstant(job.lastModifiedAtMs),
    ...errorOf(job),
    ...(state === 'completed' && asFiles(await linksOf(around, job))),
  };
  try {
    await around.bus.publish(eventSubject('job', job.id, type), body, {
      msgId: `${job.id}.${type}`,
      // The id of a message is forgotten after two minutes; that the subject was never used is not.
      headers: { 'Nats-Expected-Last-Subject-Sequence': '0' },
    });
  } catch (thrown) {
    if (!(thrown instanceof ExportError && thrown.code === 'RevisionStale')) {
      throw thrown;
    }
  }
}

async function linksOf(
  around: Surroundings,
  { written, pipeline }: JobRecord,
): Promise<readonly VideoLink[]> {
  const files = written === undefined ? [] : listFiles<WrittenFile>(written);
  return Promise.all(files.map((_, i) => linkOf(around, outputVideoName(pipeline.sink.videoName, i))));
}

async function linkOf({ bus }: Surroundings, video: string): Promise<VideoLink> {
  try {
    const { properties } = await bus.request<VideoView>(REQUESTS.videosGet, { name: video });
    const link = properties.contentUrls?.downloadUrl;
    return { video, ...(link !== undefined && { link }) };
  } catch (thrown) {
    // Deleted already: the job has completed nevertheless.
    if (thrown instanceof ExportError && thrown.code === 'VideoNotFound') {
      return { video };
    }
    throw thrown;
  }
}
