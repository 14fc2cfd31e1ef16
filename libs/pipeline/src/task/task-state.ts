/** The states of a task, one unit of work of one job at one stage. */
export type TaskState =
  /** Entered by the scheduler, or by a worker that gives it back. Its message, or the reconciler, brings it to a worker. */
  | 'queued'
  /** Entered by a worker's claim. When the worker dies its lease runs out and the next delivery claims it again. */
  | 'running'
  /** Entered by its holder, with the outcome. The result is a hint: a lost one is found by the reconciler. */
  | 'done'
  /** Entered by its holder when trying again is of no use, or attempts are used up. */
  | 'failed'
  /** Entered by its holder, or by the scheduler while nobody holds it, when the job does not want it any more. */
  | 'canceled';
