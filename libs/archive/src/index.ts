export type * from './index/segment-entry';
export type * from './plan/movie-plan';
