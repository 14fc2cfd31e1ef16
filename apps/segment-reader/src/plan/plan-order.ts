import type { PlanOrder } from '@clipmesh/catalog';
import type { ArchiveVideo, JobRecord } from '@clipmesh/contracts';
import { needsEncoder } from '@clipmesh/pipeline';
import { cutPolicy } from './feeding';

/** What is to be planned for a job. */
export function planOrder(
  { id, name }: ArchiveVideo,
  { pipeline, options }: Pick<JobRecord, 'pipeline' | 'options'>,
): PlanOrder {
  const { encoder, source } = pipeline;
  const order = { video: { id, name }, ranges: source.ranges, gaps: options.gaps };
  if (!needsEncoder(encoder)) {
    return { ...order, edges: cutPolicy(options.edges), onConfigChange: options.onConfigChange };
  }
  return encoder.video === 'copy'
    ? { ...order, edges: cutPolicy(options.edges), onConfigChange: 'fail' }
    : // Each configuration is fed to encoders on its own; what they make of them is one file.
      { ...order, edges: 'edit-list', onConfigChange: 'split' };
}
