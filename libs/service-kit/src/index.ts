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
export { bootstrapService, type ServiceOptions } from './boot/bootstrap-service';
export type { HttpAddress } from './boot/http-app';
export type { StoreAccess } from './boot/open-store';
export { MeshModule, type MeshOptions } from './boot/mesh.module';
export { ServiceLoops, type Loop } from './boot/service-loops';
export { ServiceInstance, type Abilities } from './boot/service-instance';
export { CLOCK, LOG } from './boot/tokens';
export { MeshSettings, type LogLevel } from './settings/mesh-settings';
export { readSettings, type SettingsClass } from './settings/read-settings';
export { openLog } from './log/pino-log';
export { NestLog } from './log/nest-log';
export { BusServer } from './serving/bus-server';
export { Periodic, type PeriodicOptions } from './loops/periodic';
export { Leadership, type LeadershipOptions, type LeaseRecord } from './loops/leadership';
