import { jsonCodec, type Bus, type KvStore } from '@clipmesh/bus';
import {
  KV,
  type JobRecord,
  type ProgressRecord,
  type TaskRecord,
  type WorkerRecord,
} from '@clipmesh/contracts';

/** The buckets that jobs live in, as the scheduler and every worker open them. */
export interface JobStores {
  readonly jobs: KvStore<JobRecord>;
  readonly tasks: KvStore<TaskRecord>;
  readonly progress: KvStore<ProgressRecord>;
  readonly workers: KvStore<WorkerRecord>;
}

export function openJobStores(bus: Bus): JobStores {
  return {
    jobs: bus.kv(KV.jobs, jsonCodec<JobRecord>(1)),
    tasks: bus.kv(KV.tasks, jsonCodec<TaskRecord>(1)),
    progress: bus.kv(KV.progress, jsonCodec<ProgressRecord>(1)),
    workers: bus.kv(KV.workers, jsonCodec<WorkerRecord>(1)),
  };
}
