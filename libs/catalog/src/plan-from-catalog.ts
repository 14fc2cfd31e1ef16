import { planMovie, planMovies, type MoviePlan, type PlanRequest } from '@clipmesh/archive';
import type { CatalogReader } from './catalog-reader';

/** What is to be planned; where the segments are is found in the catalog. */
export type PlanOrder = Pick<PlanRequest, 'video' | 'ranges' | 'edges' | 'gaps' | 'onConfigChange'>;

/** Reads the index of the ranges and plans the movie. Throws as `planMovie` does. */
export async function planFromCatalog(
  reader: CatalogReader,
  order: PlanOrder,
  signal?: AbortSignal,
): Promise<MoviePlan> {
  return planMovie(await readRequest(reader, order, signal));
}

/** As {@link planFromCatalog}; with `onConfigChange: 'split'` one plan for each configuration. */
export async function planFilesFromCatalog(
  reader: CatalogReader,
  order: PlanOrder,
  signal?: AbortSignal,
): Promise<readonly MoviePlan[]> {
  return planMovies(await readRequest(reader, order, signal));
}

async function readRequest(
  reader: CatalogReader,
  order: PlanOrder,
  signal: AbortSignal | undefined,
): Promise<PlanRequest> {
  const readings = await Promise.all(
    order.ranges.map((range) => reader.readRange(order.video.id, range, signal)),
  );
  const revisions = new Map(
    readings.flatMap((reading) => reading.revisions).map((revision) => [revision.hour, revision]),
  );
  return {
    ...order,
    segments: readings.map((reading) => reading.segments),
    gapThresholdMs: reader.gapThresholdMs,
    catalogRevisions: [...revisions.values()].sort((a, b) => a.hour - b.hour),
  };
}
