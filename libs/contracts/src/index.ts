export * from './subjects';
export * from './streams';
export * from './buckets';
export * from './object-keys';
export type * from './records/job-record';
export * from './records/task-record';
export type * from './records/video-record';
