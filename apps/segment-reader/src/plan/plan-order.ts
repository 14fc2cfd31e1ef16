import type { PlanOrder } from '@clipmesh/catalog';
import type { ArchiveVideo, JobRecord } from '@clipmesh/contracts';

/** What is to be planned for a job. A feed of an encoder is held to one configuration, whatever the job says of files that are not encoded. */
export function planOrder(
  { id, name }: ArchiveVideo,
  { pipeline, options }: Pick<JobRecord, 'pipeline' | 'options'>,
): PlanOrder {
  return {
    video: { id, name },
    ranges: pipeline.source.ranges,
    edges: options.edges,
    gaps: options.gaps,
    onConfigChange: pipeline.encoder === undefined ? options.onConfigChange : 'fail',
  };
}
