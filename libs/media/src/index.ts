export * from './time/ticks';
export type * from './movie/sample-table';
export type * from './movie/track';
export type * from './movie/movie';
