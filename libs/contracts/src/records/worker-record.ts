import type { WallTime } from '@clipmesh/media';
import type { Stage } from '../subjects';

/** KV `workers`, by worker id: who is there and at what. Vanishes when it is not renewed. */
export interface WorkerRecord {
  readonly format: 1;
  readonly id: string;
  readonly stages: readonly Stage[];
  readonly slots: number;
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
