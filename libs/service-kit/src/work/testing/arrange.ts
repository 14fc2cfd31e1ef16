import { ensureTopology, WorkLoop, type Bus, type KvStore } from '@clipmesh/bus';
import {
  KV,
  RESULT_CONSUMER,
  STREAMS,
  taskKey,
  WORK_CONSUMERS,
  type JobRecord,
  type TaskPointer,
  type TaskRecord,
} from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { openJobStores, type JobStores } from '../job-stores';
import { readPointer } from '../task-messages';
import type { WorkLog } from '../work-log';

export const ACK_WAIT_MS = 600;

const ignore = (): void => undefined;
export const quiet: WorkLog = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export async function declareStreams(bus: Bus): Promise<void> {
  await ensureTopology(bus, {
    streams: Object.values(STREAMS),
    kv: Object.values(KV),
    consumers: [...WORK_CONSUMERS, RESULT_CONSUMER],
    ackWaitMs: ACK_WAIT_MS,
  });
}

let jobs = 0;

export function aJob(more: Partial<JobRecord> = {}): JobRecord {
  jobs += 1;
  const time = wallTime(Date.now());
  return {
    format: 1,
    id: `id${jobs}`,
    name: `job${jobs}`,
    topologyName: 'copy',
    parameters: [],
    secrets: [],
    options: {
      edges: 'edit-list',
      gaps: 'collapse',
      onConfigChange: 'fail',
      digest: 'later',
      priority: 'normal',
      waitForMediaMs: 90_000,
    },
    bodyDigest: '',
    pipeline: {
      topologyName: 'copy',
      source: { videoName: 'gate', ranges: [] },
      sink: { videoName: 'clip' },
    },
    state: 'writing',
    createdAtMs: time,
    lastModifiedAtMs: time,
    deadlineMs: wallTime(time + 60_000),
    ...more,
  };
}

export function aTask(job: JobRecord, more: Partial<TaskRecord> = {}): TaskRecord {
  return {
    format: 1,
    jobId: job.id,
    jobName: job.name,
    stage: 'write',
    task: '0',
    lane: 'normal',
    state: 'queued',
    epoch: 1,
    claim: 0,
    attempt: 0,
    updatedAtMs: wallTime(Date.now()),
    ...more,
  };
}

/** Stores a job and its task, as the scheduler does before it publishes. */
export async function store(stores: JobStores, job: JobRecord, task: TaskRecord): Promise<string> {
  const key = taskKey(task);
  await stores.jobs.create(job.name, job);
  await stores.tasks.create(key, task);
  return key;
}

/** The value of a key as soon as it is as wanted. */
export async function until<T>(kv: KvStore<T>, key: string, wanted: (value: T) => boolean): Promise<T> {
  let found: (value: T) => void = ignore;
  const value = new Promise<T>((resolve) => {
    found = resolve;
  });
  const watch = await kv.watch(key, {
    onChange: (change) => {
      if (change.value !== undefined && wanted(change.value)) {
        found(change.value);
      }
    },
    onError: ignore,
  });
  return value.finally(() => watch.stop());
}

/** Takes all hints, as the scheduler does. */
export function collectHints(bus: Bus): { readonly hints: TaskPointer[]; readonly loop: WorkLoop } {
  const hints: TaskPointer[] = [];
  const loop = new WorkLoop({
    bus,
    name: 'hints',
    consumers: [RESULT_CONSUMER],
    slots: 4,
    ackWaitMs: ACK_WAIT_MS,
    handle: (message) => {
      const pointer = readPointer(message.body);
      if (pointer !== undefined) {
        hints.push(pointer);
      }
      return Promise.resolve({ kind: 'ack' });
    },
    onError: ignore,
  });
  loop.start();
  return { hints, loop };
}

export const storesOf = openJobStores;
