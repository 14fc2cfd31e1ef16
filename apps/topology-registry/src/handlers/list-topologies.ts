import type { ListTopologies, TopologyPage } from '@clipmesh/contracts';
import type { TopologyStore } from '../topology-store';
import { viewTopology } from '../topology-view';

const DEFAULT_TOP = 50;

export async function listTopologies(store: TopologyStore, request: ListTopologies): Promise<TopologyPage> {
  const top = request.top ?? DEFAULT_TOP;
  // One more than asked tells whether there is a next page.
  const found = await store.listFrom(request.after, top + 1);
  const page = found.slice(0, top);
  const last = page.at(-1);
  return {
    value: page.map((record) => viewTopology(record, 'by-name')),
    ...(found.length > top && last !== undefined && { after: last.name }),
  };
}
