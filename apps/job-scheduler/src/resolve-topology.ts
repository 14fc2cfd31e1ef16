import { REQUESTS, type EstimateJobBody, type ResolveTopologyReply } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { Surroundings } from './surroundings';

/** Has the registry fill in a job's topology; it blames what is wrong by the names that a job's members have. */
export async function resolveTopology(
  { bus }: Pick<Surroundings, 'bus'>,
  jobName: string,
  { topologyName, parameters }: Pick<EstimateJobBody, 'topologyName' | 'parameters'>,
): Promise<ResolveTopologyReply> {
  const request = { name: topologyName, jobName, parameters: parameters ?? [] };
  try {
    return await bus.request<ResolveTopologyReply>(REQUESTS.topologiesResolve, request);
  } catch (thrown) {
    throw inOurTerms(thrown);
  }
}

/** The registry's request calls `name` what a job calls `topologyName`. */
function inOurTerms(thrown: unknown): unknown {
  if (!(thrown instanceof ExportError) || thrown.code !== 'TopologyNotFound') {
    return thrown;
  }
  const { message, details } = thrown;
  return new ExportError('TopologyNotFound', { message, target: 'topologyName', details, cause: thrown });
}
