import { REQUESTS, type EstimateJobBody, type JobEstimate } from '@clipmesh/contracts';
import { readOptions } from '../new-job';
import { resolveTopology } from '../resolve-topology';
import type { Scheduler } from '../scheduler';

/** Stands for a job without a name where a topology's values use it. */
const NAMELESS = 'estimate';

/** What the job would deliver: the registry fills in the topology, segment-reader looks into the index. Nothing is stored. */
export async function estimateJob({ around }: Scheduler, body: EstimateJobBody): Promise<JobEstimate> {
  const { pipeline } = await resolveTopology(around, body.name ?? NAMELESS, body);
  return around.bus.request<JobEstimate>(REQUESTS.archiveEstimate, { pipeline, options: readOptions(body) });
}
