import type { JobState } from '../job/job-state';

/** The kinds of work of a job. */
export type TaskStage = 'plan' | 'encode' | 'write' | 'digest' | 'clean';

const WANTED: Readonly<Record<JobState, readonly TaskStage[]>> = {
  queued: ['plan'],
  planning: ['plan'],
  encoding: ['encode'],
  writing: ['write'],
  publishing: [],
  canceling: ['clean'],
  completed: ['digest', 'clean'],
  failed: ['clean'],
  canceled: ['clean'],
};

/** Whether a job in this state still wants work of a stage: what it does not want is canceled. */
export function isWanted(stage: TaskStage, jobState: JobState): boolean {
  return WANTED[jobState].includes(stage);
}
