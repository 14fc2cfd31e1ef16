export * from './subjects';
export * from './streams';
export * from './buckets';
export * from './object-keys';
