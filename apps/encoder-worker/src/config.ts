import { availableParallelism } from 'node:os';
import { IsInt, Max, Min } from 'class-validator';
import { MeshSettings } from '@clipmesh/service-kit';

export class EncoderSettings extends MeshSettings {
  /** Tasks encoded at the same time. */
  @IsInt()
  @Min(1)
  @Max(64)
  encodeSlots = 1;

  /** Threads of one ffmpeg; as many as there are cores when not set. */
  @IsInt()
  @Min(1)
  @Max(64)
  encodeThreads = Math.min(availableParallelism(), 64);
}
