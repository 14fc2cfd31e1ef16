/** What a job is at, as a person would say it. */
export type ProgressPhase = 'planning' | 'encoding' | 'writing';

/** KV `progress`, by job id, and the body of the progress nudge. Written by who works on the job, at most once a second. */
export interface ProgressRecord {
  readonly format: 1;
  readonly phase: ProgressPhase;
  /** Of this phase, 0 to 100. */
  readonly percent: number;
  /** Tries of this phase's task, this one included; of several the most. */
  readonly attempt: number;
  /** Of encoding: the tasks that are done, and all of them. */
  readonly parts?: { readonly done: number; readonly total: number };
  /** Seconds of media a second, lately. */
  readonly speed?: number;
  /** Until the end of the phase, at this speed. */
  readonly etaMs?: number;
}

/** Body of the progress nudge of one encode task. */
export interface PartProgress {
  readonly format: 1;
  readonly jobId: string;
  readonly task: string;
  /** 0 to 100. */
  readonly percent: number;
  readonly attempt: number;
}
