export {
  TaskRunner,
  DEFAULT_RUNNER_SETTINGS,
  type RunnerSettings,
  type TaskRunnerOptions,
} from './work/task-runner';
export type { Postponement, RunTask, TaskContext } from './work/task-context';
export { openJobStores, type JobStores } from './work/job-stores';
export { publishDead, publishResult, publishWork, readPointer } from './work/task-messages';
export type { WorkLog } from './work/work-log';
export type { Clock } from './work/hold';
