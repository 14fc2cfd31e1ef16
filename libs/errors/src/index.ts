export * from './codes';
export * from './export-error';
