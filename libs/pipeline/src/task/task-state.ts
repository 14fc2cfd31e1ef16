/** The states of a task, one unit of work of one job at one stage. */
export type TaskState =
  /** Entered by the scheduler, or by a worker that gives it back. Its message, or the reconciler, brings it to a worker. */
  | 'queued'
  /** Entered by a worker's claim. When the worker dies its lease runs out and the next delivery claims it again. */
  | 'running'
  | 'done'
  | 'failed'
  | 'canceled';
