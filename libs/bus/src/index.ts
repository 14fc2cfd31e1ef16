export { Bus } from './bus';
export type { BusSettings } from './connection/dial';
export type { BusStatus } from './connection/status';
export { pause } from './connection/pause';
export type { Headers } from './wire/headers';
export { errorBody, statusOfKind, type ErrorBody } from './wire/error-body';
export type { RequestOptions } from './requests/request';
export type {
  Endpoint,
  RequestContext,
  RunningService,
  ServeOptions,
  ServiceIdentity,
} from './requests/serve';
export type { Published, PublishOptions } from './messages/publish';
export type { StopListening } from './messages/nudge';
export { ensureTopology, type TopologySpec } from './topology/ensure-topology';
export type { Difference } from './topology/differences';
export { streamSubjects } from './topology/stream-subjects';
export { jsonCodec, type Codec } from './kv/codec';
export { KvStore, type KvRecord, type ListOptions } from './kv/kv-store';
export type { KvChange, KvWatch, WatchOptions } from './kv/watch-entries';
export { change, type ChangeResult } from './kv/change';
export { WorkLoop, type WorkLoopOptions } from './work/work-loop';
export type { Handle, WorkMessage } from './work/handle-message';
export type { Settlement } from './work/settlement';
export { isStopping } from './work/stopping';
