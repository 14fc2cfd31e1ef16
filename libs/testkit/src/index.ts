export * from './bar-code';
export * from './fake-clock';
export * from './footage';
export * from './frame-hashes';
export * from './media-tool';
export * from './probe';
export * from './temporary-folder';
export * from './with-servers';
