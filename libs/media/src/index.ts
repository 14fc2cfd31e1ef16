export * from './time/ticks';
export type * from './movie/sample-table';
export type * from './movie/track';
export type * from './movie/movie';
export * from './movie/box-collector';
export * from './movie/read-object-index';
export * from './movie/sample-table-times';
