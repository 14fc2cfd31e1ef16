export type * from './index/segment-entry';
export * from './index/leaf-cuts';
export * from './index/leaf-hasher';
export * from './index/segment-indexer';
export type * from './plan/movie-plan';
