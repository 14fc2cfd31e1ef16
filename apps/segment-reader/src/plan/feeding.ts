import { edgesUnsupported, type CutPolicy } from '@clipmesh/archive';
import type { JobRecord } from '@clipmesh/contracts';
import { needsEncoder, type EncoderSettings } from '@clipmesh/pipeline';

/** What encoders are to make of a job's media; of `edges` the few pictures at the ends of its ranges. */
export type Feeding = EncoderSettings | 'edges';

/** `undefined` when they are to make nothing of it. Throws `EdgesUnsupported` for edges beside other work. */
export function feedingOf({
  pipeline: { encoder },
  options: { edges },
}: Pick<JobRecord, 'pipeline' | 'options'>): Feeding | undefined {
  if (!needsEncoder(encoder)) {
    return edges === 'smart' ? 'edges' : undefined;
  }
  if (edges === 'smart' && encoder.video === 'copy') {
    throw edgesUnsupported('the job has its sound encoded and its video copied');
  }
  return encoder;
}

/** Where a plan cuts for such edges. */
export const cutPolicy = (edges: JobRecord['options']['edges']): CutPolicy =>
  edges === 'smart' ? 'edit-list' : edges;
