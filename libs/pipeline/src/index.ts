export * from './errors/codes';
export * from './errors/export-error';
