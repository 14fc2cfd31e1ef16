import { copyStarts, edgePlan, edgesUnsupported, expectIdr, type MoviePlan } from '@clipmesh/archive';
import { planFilesFromCatalog, type CatalogReader } from '@clipmesh/catalog';
import type { ArchiveVideo, JobRecord } from '@clipmesh/contracts';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';
import { feedingOf } from './feeding';
import { planOrder } from './plan-order';

/** Plans the files of a job, or what encoders are fed with in their place. */
export class FilePlanner {
  constructor(
    private readonly reader: CatalogReader,
    private readonly store: Pick<ObjectStore, 'readAll'>,
  ) {}

  /** Throws as `planMovie` does, and `EdgesUnsupported`. */
  async plan(
    archive: ArchiveVideo,
    job: Pick<JobRecord, 'pipeline' | 'options'>,
    options: Abortable = {},
  ): Promise<readonly MoviePlan[]> {
    const plans = await planFilesFromCatalog(this.reader, planOrder(archive, job), options.signal);
    if (feedingOf(job) !== 'edges') {
      return plans;
    }
    const [plan, ...others] = plans;
    if (plan === undefined || others.length > 0) {
      throw edgesUnsupported('the camera was set anew inside the ranges');
    }
    return [await this.planEdges(plan, options)];
  }

  private async planEdges(plan: MoviePlan, options: Abortable): Promise<MoviePlan> {
    const edged = edgePlan(plan);
    for (const { object, offset, length } of copyStarts(edged)) {
      const source = edged.objects[object];
      if (source !== undefined) {
        const { bucket, key, etag } = source;
        const range = { offset, length };
        expectIdr(edged, await this.store.readAll({ bucket, key }, { ifMatch: etag, range, ...options }));
      }
    }
    return edged;
  }
}
