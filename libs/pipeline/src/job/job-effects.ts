import type { TaskStage } from '../task/task-stage';
import type { JobState } from './job-state';

/**
 * What has to be made real because of a job's state, as data. Each may be carried out any number of times:
 * the service does so after the save, and the reconciler again after a crash.
 */
export type JobEffect =
  /** Publish the event of a state. */
  | { readonly type: 'announce'; readonly state: JobState }
  /** See that the stage's task is recorded and its message published. */
  | { readonly type: 'startTask'; readonly stage: TaskStage }
  /** See that all encode tasks are handed out, and take them in when all are done. */
  | { readonly type: 'encodeParts' }
  /** Ask for the output video to be made visible, then record that it is. */
  | { readonly type: 'publishVideo' }
  /** Tell workers to let go, and cancel what nobody holds. */
  | { readonly type: 'stopTasks' }
  /** When no task is at work any more: remove what the job left, give up what it holds, record that. */
  | { readonly type: 'cleanUp' };

interface JobFacts {
  readonly state: JobState;
  readonly cleaned?: boolean;
  readonly written?: { readonly sha256?: string };
}

/** Everything that a job in this state still asks for. */
export function dutiesOf(job: JobFacts): readonly JobEffect[] {
  const announce: JobEffect = { type: 'announce', state: job.state };
  switch (job.state) {
    case 'queued':
    case 'planning':
      return [{ type: 'startTask', stage: 'plan' }, announce];
    case 'encoding':
      return [{ type: 'encodeParts' }, announce];
    case 'writing':
      return [{ type: 'startTask', stage: 'write' }, announce];
    case 'publishing':
      return [{ type: 'publishVideo' }, announce];
    case 'canceling':
      return [announce, { type: 'stopTasks' }, { type: 'cleanUp' }];
    case 'completed':
      return [announce, ...digestDuty(job), ...cleaningDuties(job)];
    case 'failed':
    case 'canceled':
      return [announce, ...cleaningDuties(job)];
  }
}

/** Whether anything is left to do for the job: the reconciler passes over those for which nothing is. */
export function needsCare(job: JobFacts): boolean {
  return job.cleaned !== true || (job.state === 'completed' && job.written?.sha256 === undefined);
}

function digestDuty(job: JobFacts): readonly JobEffect[] {
  return job.written?.sha256 === undefined ? [{ type: 'startTask', stage: 'digest' }] : [];
}

function cleaningDuties(job: JobFacts): readonly JobEffect[] {
  if (job.cleaned === true) {
    return [];
  }
  // A completed job's digest task is work that is still wanted.
  return job.state === 'completed' ? [{ type: 'cleanUp' }] : [{ type: 'stopTasks' }, { type: 'cleanUp' }];
}
