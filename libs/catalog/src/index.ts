export * from './catalog-entries';
export * from './catalog-reader';
export * from './index-objects';
export * from './plan-from-catalog';
