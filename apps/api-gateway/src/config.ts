import { IsInt, IsString, Max, Min } from 'class-validator';
import { MeshSettings } from '@clipmesh/service-kit';

/** Settings of api-gateway. */
export class GatewaySettings extends MeshSettings {
  @IsString()
  httpHost = '127.0.0.1';

  /** 0 takes a free port, which the log line `ready` tells. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  httpPort = 8080;

  /** Longest clip. */
  @IsInt()
  @Min(1_000)
  clipMaxSpanMs = 24 * 3_600_000;

  /** Laid-out clips that are kept, because players ask for the same one many times. */
  @IsInt()
  @Min(0)
  clipCacheBytes = 64 * 1024 * 1024;

  /** Holes and overlaps up to this are closed; the same as segment-reader's. */
  @IsInt()
  @Min(0)
  @Max(60_000)
  gapThresholdMs = 1_000;
}
