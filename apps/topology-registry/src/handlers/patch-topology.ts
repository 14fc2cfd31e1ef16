import { isDeepStrictEqual } from 'node:util';
import type { TopologyBody, TopologyRecord, TopologyView } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { parseTopology, type Topology } from '@clipmesh/pipeline';
import { refuseIfBeingDeleted, withoutMark } from '../deleting-mark';
import { findJobOf, type Ask } from '../jobs-of-topology';
import { refusal } from '../refusal';
import type { TopologyStore } from '../topology-store';
import { viewTopology } from '../topology-view';

/** Changes what is given: the description always, the graph only while no job of the topology is processing. */
export async function patchTopology(
  store: TopologyStore,
  ask: Ask,
  request: TopologyBody,
): Promise<TopologyView> {
  const { value: before } = await store.load(request.name);
  const touchesGraph = changesGraph(before.body, merge(before, request));
  if (touchesGraph) {
    await refuseWhileProcessing(request.name, ask);
  }
  const now = store.now();
  const { stored, changed } = await store.change(request.name, (record) => {
    if (record === undefined) {
      return undefined;
    }
    refuseIfBeingDeleted(record, now);
    const body = merge(record, request);
    if (!touchesGraph && changesGraph(record.body, body)) {
      // Somebody changed the graph since we looked, and nobody has asked for its jobs.
      throw new ExportError('RevisionStale', {
        message: `the topology ${request.name} was changed meanwhile`,
      });
    }
    return isDeepStrictEqual(record.body, body)
      ? undefined
      : { ...withoutMark(record), body, lastModifiedAtMs: now };
  });
  if (changed) {
    await store.tell('put', stored);
  }
  return viewTopology(stored.value, 'by-name');
}

/** The stored body with the given members in place; the whole is judged as in a put. */
function merge(record: TopologyRecord, request: TopologyBody): Topology {
  const given = request.properties ?? {};
  // What is no object of members is judged as it is, and refused there.
  const properties =
    typeof given === 'object' && !Array.isArray(given) ? { ...record.body.properties, ...given } : given;
  const reading = parseTopology({
    kind: request.kind ?? record.body.kind,
    sku: request.sku ?? record.body.sku,
    properties,
  });
  if ('problems' in reading) {
    throw refusal(reading.problems);
  }
  return reading.topology;
}

function changesGraph(before: Topology, after: Topology): boolean {
  const graph = ({ parameters, sources, processors, sinks }: Topology['properties']): unknown => ({
    parameters,
    sources,
    processors,
    sinks,
  });
  return !isDeepStrictEqual(graph(before.properties), graph(after.properties));
}

async function refuseWhileProcessing(name: string, ask: Ask): Promise<void> {
  const job = await findJobOf(name, ask, 'Processing');
  if (job !== undefined) {
    throw new ExportError('TopologyInUse', {
      message: `the job ${job} of the topology ${name} is processing: only the description can change`,
      target: 'properties',
      details: { job },
      hint: 'Wait for its jobs to end, or cancel them.',
    });
  }
}
