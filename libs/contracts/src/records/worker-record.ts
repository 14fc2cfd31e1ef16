import type { WallTime } from '@clipmesh/media';
import type { Stage } from '../subjects';

/** KV `workers`, by worker id: who is there and at what. Vanishes when it is not renewed. */
export interface WorkerRecord {
  readonly format: 1;
  readonly id: string;
  readonly stages: readonly Stage[];
  /** Of the product, as in package.json. */
  readonly version: string;
  /** Tasks that it has in hand at the same time, at most. */
  readonly slots: number;
  /** Of a worker that encodes: which encoders its ffmpeg has, by ffmpeg's names. */
  readonly encoders?: readonly string[];
  readonly running: readonly RunningTask[];
  readonly startedAtMs: WallTime;
  readonly seenAtMs: WallTime;
}

export interface RunningTask {
  readonly jobName: string;
  readonly stage: Stage;
  readonly task: string;
  readonly attempt: number;
}
