import type { ResolveTopologyBody, ResolveTopologyReply } from '@clipmesh/contracts';
import { resolvePipeline, secretParameters, type ParameterValue, type RangeLimits } from '@clipmesh/pipeline';
import { refuseIfBeingDeleted, withoutMark } from '../deleting-mark';
import { refusal } from '../refusal';
import type { StoredTopology, TopologyStore } from '../topology-store';

/** Fills a topology in for a job that is about to be made. */
export async function resolveTopology(
  store: TopologyStore,
  limits: RangeLimits,
  request: ResolveTopologyBody,
): Promise<ResolveTopologyReply> {
  const now = store.now();
  const stored = await loadUnmarked(store, request.name);
  const resolution = resolvePipeline(stored.value.body, {
    topologyName: request.name,
    jobName: request.jobName,
    parameters: (request.parameters ?? []).map(toParameterValue),
    now,
    limits,
  });
  if ('problems' in resolution) {
    throw refusal(resolution.problems);
  }
  return {
    pipeline: resolution.pipeline,
    revision: stored.revision,
    secrets: [...secretParameters(stored.value.body)],
  };
}

/** A mark that is too old is taken off first: its owner, should it live yet, can then delete nothing. */
async function loadUnmarked(store: TopologyStore, name: string): Promise<StoredTopology> {
  const stored = await store.load(name);
  refuseIfBeingDeleted(stored.value, store.now());
  if (stored.value.deletingSinceMs === undefined) {
    return stored;
  }
  const changed = await store.change(name, (record) => {
    if (record?.deletingSinceMs === undefined) {
      return undefined;
    }
    refuseIfBeingDeleted(record, store.now());
    return withoutMark(record);
  });
  return changed.stored;
}

function toParameterValue(given: { readonly name: string; readonly value?: string | null }): ParameterValue {
  return { name: given.name, ...(typeof given.value === 'string' && { value: given.value }) };
}
