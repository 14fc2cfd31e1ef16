import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  EstimateJobBody,
  JobName,
  ListJobs,
  PatchJobBody,
  PutJobBody,
  REQUESTS,
  type DeleteJobReply,
  type JobEstimate,
  type JobPage,
  type JobView,
  type PutJobReply,
  type WorkerPage,
} from '@clipmesh/contracts';
import { cancelJob } from './handlers/cancel-job';
import { estimateJob } from './handlers/estimate-job';
import { deleteJob } from './handlers/delete-job';
import { getJob } from './handlers/get-job';
import { listJobs } from './handlers/list-jobs';
import { listWorkers } from './handlers/list-workers';
import { patchJob } from './handlers/patch-job';
import { putJob } from './handlers/put-job';
import { Scheduler } from './scheduler';

/** The requests that job-scheduler answers, one handler each. */
@Controller()
export class JobsController {
  constructor(private readonly scheduler: Scheduler) {}

  @MessagePattern(REQUESTS.jobsPut)
  put(@Payload() request: PutJobBody): Promise<PutJobReply> {
    return putJob(this.scheduler, request);
  }

  @MessagePattern(REQUESTS.jobsGet)
  get(@Payload() request: JobName): Promise<JobView> {
    return getJob(this.scheduler, request);
  }

  @MessagePattern(REQUESTS.jobsList)
  list(@Payload() request: ListJobs): Promise<JobPage> {
    return listJobs(this.scheduler, request);
  }

  @MessagePattern(REQUESTS.jobsPatch)
  patch(@Payload() request: PatchJobBody): Promise<JobView> {
    return patchJob(this.scheduler, request);
  }

  @MessagePattern(REQUESTS.jobsCancel)
  cancel(@Payload() request: JobName): Promise<JobView> {
    return cancelJob(this.scheduler, request);
  }

  @MessagePattern(REQUESTS.jobsDelete)
  delete(@Payload() request: JobName): Promise<DeleteJobReply> {
    return deleteJob(this.scheduler, request);
  }

  @MessagePattern(REQUESTS.jobsEstimate)
  estimate(@Payload() request: EstimateJobBody): Promise<JobEstimate> {
    return estimateJob(this.scheduler, request);
  }

  @MessagePattern(REQUESTS.workersList)
  workers(): Promise<WorkerPage> {
    return listWorkers(this.scheduler);
  }
}
