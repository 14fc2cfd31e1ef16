import { availableParallelism } from 'node:os';
import { IsInt, Max, Min } from 'class-validator';
import { MeshSettings } from '@clipmesh/service-kit';

/** Settings of encoder-worker. */
export class WorkerSettings extends MeshSettings {
  /** Tasks encoded at the same time; as many as there are cores when not set. */
  @IsInt()
  @Min(1)
  @Max(64)
  encodeSlots = Math.min(availableParallelism(), 64);

  /** Threads of one ffmpeg. Many small parts use cores better than many threads do. */
  @IsInt()
  @Min(1)
  @Max(64)
  encodeThreads = 1;

  /** An ffmpeg that neither reads nor writes nor tells of progress for so long is ended. */
  @IsInt()
  @Min(100)
  encodeStallMs = 60_000;

  /** How long tasks in hand may go on after SIGTERM before they are given back; the shutdown grace has to be longer. */
  @IsInt()
  @Min(0)
  encodeDrainMs = 0;

  /** Most memory of one ffmpeg. */
  @IsInt()
  @Min(64)
  encodeMemoryMib = 4_096;
}
