export * from './errors/codes';
export * from './errors/export-error';
export type * from './topology/resolved-pipeline';
export type * from './job/job-state';
export type * from './task/task-state';
