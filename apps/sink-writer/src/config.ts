import { IsInt, Max, Min } from 'class-validator';
import { MeshSettings } from '@clipmesh/service-kit';

export class SinkSettings extends MeshSettings {
  /** Files written at the same time. Each holds up to 16 MiB of media besides its header. */
  @IsInt()
  @Min(1)
  @Max(64)
  writeSlots = 2;

  /** Digests and clean-ups at the same time; they have slots of their own, so that no file waits for them. */
  @IsInt()
  @Min(1)
  @Max(64)
  digestSlots = 1;
}
