import { IsIn, IsInt, Max, Min } from 'class-validator';
import { MeshSettings } from '@clipmesh/service-kit';
import type { OriginalsPolicy } from './ingest/transport-streams';

const HOUR_MS = 3_600_000;

/** Settings of segment-reader. */
export class ReaderSettings extends MeshSettings {
  /** Holes and overlaps up to this are closed; larger ones are gaps, or refused. The same for all copies. */
  @IsInt()
  @Min(0)
  @Max(60_000)
  gapThresholdMs = 1_000;

  /** How far ahead of now a segment may start. */
  @IsInt()
  @Min(0)
  maxFutureMs = 10 * 60_000;

  /** Segments read at the same time; each may take up to 64 MiB of memory. */
  @IsInt()
  @Min(1)
  @Max(64)
  ingestSlots = 4;

  /** MPEG-TS segments are copied into MP4 on arrival: `keep` or `drop` what the recorder wrote, once the copy is in the index. */
  @IsIn(['keep', 'drop'] satisfies OriginalsPolicy[])
  transportStreamOriginals: OriginalsPolicy = 'keep';

  /** Movies planned at the same time. */
  @IsInt()
  @Min(1)
  @Max(64)
  planSlots = 4;

  /** About so much of a recording is one part, which one encoder makes. */
  @Min(0.1)
  @Max(3_600)
  partSeconds = 20;

  /** An hour's index is merged when the hour is over and nothing has come for it for this long. */
  @IsInt()
  @Min(0)
  hourCloseAfterMs = 10 * 60_000;

  /** How long an index object stays that nothing names any more. */
  @IsInt()
  @Min(60_000)
  indexGraceMs = HOUR_MS;

  /** From one round of housekeeping to the next: closing hours, finishing removals. */
  @IsInt()
  @Min(100)
  housekeepingMs = 30_000;
}
