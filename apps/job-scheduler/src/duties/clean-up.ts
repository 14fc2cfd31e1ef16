import { REQUESTS, type JobRecord, type ReleaseVideosRequest, type TaskRecord } from '@clipmesh/contracts';
import { drain, isTaskFinal, noteCleaned } from '@clipmesh/pipeline';
import type { Transition } from '../job-service';
import type { Surroundings } from '../surroundings';
import { startTask } from './start-task';
import { tasksOf } from './tasks-of';

/**
 * Has everything removed that a job leaves, once nobody is at work for it any more. Returns the change that notes it
 * when it has happened; nothing while it is to be waited for.
 */
export async function cleanUp(around: Surroundings, job: JobRecord): Promise<Transition | undefined> {
  // The tasks of a completed job have ended; its digest may go on while scratch is removed.
  if (job.state !== 'completed') {
    const work = (await tasksOf(around, job))
      .map(({ value }) => value)
      .filter(({ stage }) => stage !== 'clean');
    if (!work.every(({ state }) => isTaskFinal(state))) {
      return undefined;
    }
    if (work.every(({ claim }) => claim === 0)) {
      // Nobody ever began: there is nothing to remove, and nobody is needed for it.
      return cleaned(around, job);
    }
  }
  const task = await startTask(around, job, 'clean');
  return task === undefined ? undefined : finishCleaning(around, job, task);
}

/** The clean task is done: gives up what the job held, too. */
export async function finishCleaning(
  around: Surroundings,
  job: JobRecord,
  task: TaskRecord,
): Promise<Transition | undefined> {
  if (task.state !== 'done') {
    return undefined;
  }
  const { source, sink } = job.pipeline;
  const request: ReleaseVideosRequest = {
    jobId: job.id,
    sourceVideo: source.videoName,
    outputVideo: sink.videoName,
  };
  await around.bus.request(REQUESTS.videosRelease, request);
  // A day has thousands of parts, and nobody asks for them again.
  const parts = await tasksOf(around, job, 'encode');
  await Promise.all(parts.map(({ key }) => around.stores.tasks.delete(key)));
  return cleaned(around, job);
}

const cleaned = ({ settings }: Surroundings, job: JobRecord): Transition =>
  job.state === 'canceling' ? (current, now) => drain(current, settings, now) : noteCleaned;
