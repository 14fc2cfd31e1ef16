/** Who connects to NATS and to the object store: every service as itself, every recorder as itself, and those who run the mesh. */
export const SERVICES = [
  'topology-registry',
  'job-scheduler',
  'segment-reader',
  'encoder-worker',
  'sink-writer',
  'api-gateway',
] as const;
export type ServiceUser = (typeof SERVICES)[number];

/** May do everything: people who run the mesh, and what makes its streams and buckets. */
export const OPERATOR = 'operator';

const RECORDER = 'recorder-';

/** The user of whoever records one video. No service's name begins so. */
export const recorderUser = (video: string): string => `${RECORDER}${video}`;

/** Replies come here. Nobody else may read under it. */
export const inboxPrefix = (user: string): string => `_INBOX_${user}`;
