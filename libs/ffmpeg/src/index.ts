export * from './run/run-ffmpeg';
export type * from './run/progress';
export * from './encode/encode-arguments';
export type * from './encode/tick-window';
export * from './check-decodes';
export * from './test-pattern';
export { remuxTransportStream } from './transport-stream/remux-transport-stream';
export { codecsOfTransportStream } from './transport-stream/codecs-of-transport-stream';
