/**
 * The inner states of a job. Callers see `Processing`, `Completed`, `Failed` or `Canceled` (job-view).
 * Each state's paragraph says who enters it, who leaves it, and what happens when the process dies there.
 */
export type JobState =
  /** Entered by `jobs.put`, left by the claim of the plan task. After a crash the reconciler publishes that task again. */
  | 'queued'
  /** Entered when segment-reader has claimed the plan task. A plan that is lost is made again. */
  | 'planning'
  /** Entered when the plan is in and an encoder is asked for. Lost parts are encoded again. */
  | 'encoding'
  /** Entered when all media lie in objects. A lost write starts over under a key of its own. */
  | 'writing'
  /** Entered by compare-and-set when the file is verified: the only commit point. From here only forward, repeatably. */
  | 'publishing'
  /** Entered by a cancel before the commit; left when workers have let go and everything written is removed. */
  | 'canceling'
  /** Entered when the video is visible. Digest and cleaning follow; lost ones are started again. */
  | 'completed'
  /** Entered when a task cannot be done, or the deadline passed. What was left is removed afterwards. */
  | 'failed'
  /** Entered when everything is removed: nothing is left to do. */
  | 'canceled';
