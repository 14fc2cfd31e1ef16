import type { PlanOrder } from '@clipmesh/catalog';
import type { ArchiveVideo, JobRecord } from '@clipmesh/contracts';

/** What is to be planned for a job. The policy for a changed configuration is that of files that keep the camera's bits: an encoder's feed has one. */
export function planOrder(
  { id, name }: ArchiveVideo,
  { pipeline, options }: Pick<JobRecord, 'pipeline' | 'options'>,
): PlanOrder {
  return {
    video: { id, name },
    ranges: pipeline.source.ranges,
    edges: options.edges,
    gaps: options.gaps,
    onConfigChange: keepsBits(pipeline) ? options.onConfigChange : 'fail',
  };
}

const keepsBits = ({ encoder }: JobRecord['pipeline']): boolean =>
  encoder === undefined || (encoder.video === 'copy' && encoder.audio === 'copy');
