import { HOUR_MS } from '@clipmesh/archive';
import type { JobRecord } from '@clipmesh/contracts';
import { wallTime, type WallTime } from '@clipmesh/media';
import type { CatalogReader } from '@clipmesh/catalog';

/** A video that was announced to within this time is still being recorded. */
const LIVE_MS = 5 * 60_000;
/** Announced starts and durations are rounded to whole milliseconds. */
const ROUNDING_MS = 2;

/**
 * Whether the end of a job's ranges is about to be recorded: it lies beyond the newest segment of a video that is
 * being recorded, and the job has not waited long enough yet.
 */
export async function isMediaToCome(
  catalog: Pick<CatalogReader, 'readRange'>,
  videoId: string,
  job: JobRecord,
  now: WallTime,
): Promise<boolean> {
  const endMs = Math.max(...job.pipeline.source.ranges.map((range) => range.endMs));
  const isTooOld = endMs < now - HOUR_MS - LIVE_MS;
  if (isTooOld || now >= job.createdAtMs + job.options.waitForMediaMs) {
    return false;
  }
  const { segments } = await catalog.readRange(videoId, {
    startMs: wallTime(Math.min(endMs, now) - HOUR_MS),
    endMs: wallTime(Math.max(endMs, now) + HOUR_MS),
  });
  const newestEndMs = Math.max(...segments.map((segment) => segment.endMs));
  const lastIndexedMs = Math.max(...segments.map((segment) => segment.indexedAtMs));
  return newestEndMs + ROUNDING_MS < endMs && lastIndexedMs >= now - LIVE_MS;
}
