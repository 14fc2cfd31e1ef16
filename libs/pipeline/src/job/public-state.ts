import type { JobState } from './job-state';

/** The states that callers see: those of Azure Video Analyzer. */
export type PublicJobState = 'Processing' | 'Completed' | 'Failed' | 'Canceled';
export const PUBLIC_JOB_STATES = [
  'Processing',
  'Completed',
  'Failed',
  'Canceled',
] as const satisfies readonly PublicJobState[];

const PUBLIC: Readonly<Record<JobState, PublicJobState>> = {
  queued: 'Processing',
  planning: 'Processing',
  encoding: 'Processing',
  writing: 'Processing',
  publishing: 'Processing',
  canceling: 'Processing',
  completed: 'Completed',
  failed: 'Failed',
  canceled: 'Canceled',
};

/** The projection of an inner state: inner names never reach the API. */
export function publicState(state: JobState): PublicJobState {
  return PUBLIC[state];
}
