import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  nanos,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from 'nats';
import type { ConsumerSpec, KvBucketSpec, StreamSpec } from '@clipmesh/contracts';

/** The client's types end at server 2.10; `allow_msg_ttl` came with 2.11. */
export type WantedStream = Partial<StreamConfig> & {
  readonly name: string;
  readonly subjects: string[];
  readonly allow_msg_ttl?: boolean;
};

const BUCKET_WINDOW_MS = 2 * 60_000;

export function streamConfig(spec: StreamSpec): WantedStream {
  return {
    name: spec.name,
    subjects: [...spec.subjects],
    retention: spec.retention === 'workqueue' ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    discard: spec.discard === 'new' ? DiscardPolicy.New : DiscardPolicy.Old,
    storage: StorageType.File,
    num_replicas: 1,
    max_age: nanos(spec.maxAgeMs ?? 0),
    duplicate_window: nanos(spec.duplicateWindowMs),
    allow_direct: true,
    ...(spec.onePerSubject === true ? { max_msgs_per_subject: 1, discard_new_per_subject: true } : {}),
  };
}

/** A key-value bucket is a stream with these settings; history is 1 everywhere. */
export function bucketConfig(spec: KvBucketSpec): WantedStream {
  return {
    name: `KV_${spec.name}`,
    subjects: [`$KV.${spec.name}.>`],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    storage: StorageType.File,
    num_replicas: 1,
    max_age: nanos(spec.ttlMs ?? 0),
    duplicate_window: nanos(Math.min(spec.ttlMs ?? BUCKET_WINDOW_MS, BUCKET_WINDOW_MS)),
    max_msgs_per_subject: 1,
    allow_direct: true,
    allow_rollup_hdrs: true,
    deny_delete: true,
    // Marks of deletion carry an age of their own, so that a bucket does not grow with all that ever was in it.
    allow_msg_ttl: true,
  };
}

export function consumerConfig(spec: ConsumerSpec, ackWaitMs: number): ConsumerConfig {
  return {
    durable_name: spec.durable,
    filter_subject: spec.filter,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: spec.maxAckPending,
    // Attempts are counted in the task record: the server counts give-backs too.
    max_deliver: -1,
    max_waiting: 512,
  } as ConsumerConfig;
}
