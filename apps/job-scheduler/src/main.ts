import { bootstrapService } from '@clipmesh/service-kit';
import { SchedulerConfig } from './config';
import { JobSchedulerModule } from './job-scheduler.module';

void bootstrapService({
  name: 'job-scheduler',
  description: 'Jobs and tasks: state machine, dispatch, cancel, expiry',
  settings: SchedulerConfig,
  module: JobSchedulerModule,
});
