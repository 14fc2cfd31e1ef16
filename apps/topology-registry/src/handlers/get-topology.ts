import type { TopologyName, TopologyView } from '@clipmesh/contracts';
import type { TopologyStore } from '../topology-store';
import { viewTopology } from '../topology-view';

export async function getTopology(store: TopologyStore, request: TopologyName): Promise<TopologyView> {
  const { value } = await store.load(request.name);
  return viewTopology(value, 'by-name');
}
