/** A key-value bucket. History 1 everywhere: the past of a record is in EVENTS. */
export interface KvBucketSpec {
  readonly name: string;
  /** Keys vanish by themselves after this long without a write. */
  readonly ttlMs?: number;
}

/** Key-value buckets and how their keys are made. All values carry `format`. */
export const KV = {
  /** `<name>` */
  topologies: { name: 'topologies' },
  /** `<name>` */
  jobs: { name: 'jobs' },
  /** `<job id>.<stage>.<task>` */
  tasks: { name: 'tasks' },
  /** `<name>` */
  videos: { name: 'videos' },
  /** `<video id>.<hour>`, binary */
  catalog: { name: 'catalog' },
  /** `<video id>.<job id>` */
  holds: { name: 'holds' },
  /** `<job id>` */
  progress: { name: 'progress', ttlMs: 24 * 60 * 60_000 },
  /** `<worker id>` */
  workers: { name: 'workers', ttlMs: 30_000 },
  /** `<what is led>` */
  leases: { name: 'leases' },
} as const satisfies Record<string, KvBucketSpec>;

/** Buckets of the object store. */
export const BUCKETS = {
  archive: 'archive',
  index: 'index',
  work: 'work',
  exports: 'exports',
} as const;
