/** What a job is at, as a person would say it. */
export type ProgressPhase = 'planning' | 'encoding' | 'writing';

/** KV `progress`, by job id, and the body of the progress nudge. Written by who works on the job, at most once a second. */
export interface ProgressRecord {
  readonly format: 1;
  readonly phase: ProgressPhase;
  /** Of this phase, 0 to 100. */
  readonly percent: number;
  /** Tries of this phase's task, this one included. */
  readonly attempt: number;
}
