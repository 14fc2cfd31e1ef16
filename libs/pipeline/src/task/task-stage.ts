import type { JobState } from '../job/job-state';

/** The kinds of work of a job. */
export type TaskStage = 'plan' | 'encode' | 'write' | 'digest' | 'clean';

const ENDED_WITHOUT_A_FILE: ReadonlySet<JobState> = new Set<JobState>(['canceling', 'failed', 'canceled']);

/**
 * Whether a job in this state still wants work of a stage; what it does not want is canceled. Only states that are
 * never left for a live one count: a worker may have read the job from a replica that is a moment behind.
 */
export function isWanted(stage: TaskStage, jobState: JobState): boolean {
  switch (stage) {
    case 'clean':
      return true;
    case 'digest':
      return !ENDED_WITHOUT_A_FILE.has(jobState);
    case 'plan':
    case 'encode':
    case 'write':
      return jobState !== 'completed' && !ENDED_WITHOUT_A_FILE.has(jobState);
  }
}
