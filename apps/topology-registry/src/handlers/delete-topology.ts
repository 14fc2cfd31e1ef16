import type { DeleteTopologyReply, TopologyName } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { refuseIfBeingDeleted, withoutMark } from '../deleting-mark';
import { findJobOf, type Ask } from '../jobs-of-topology';
import { isStale, type StoredTopology, type TopologyStore } from '../topology-store';

/**
 * Deletes a topology that no job refers to. It is marked first, so that no job is made of it between the look for
 * jobs and the deletion; whatever stands in the way takes the mark off again.
 */
export async function deleteTopology(
  store: TopologyStore,
  ask: Ask,
  request: TopologyName,
): Promise<DeleteTopologyReply> {
  if ((await store.find(request.name)) === undefined) {
    return { deleted: false };
  }
  const marked = await mark(store, request.name);
  try {
    await refuseWhileUsed(request.name, ask);
  } catch (error) {
    await unmark(store, marked);
    throw error;
  }
  await store.remove(marked);
  await store.tell('deleted', marked);
  return { deleted: true };
}

async function mark(store: TopologyStore, name: string): Promise<StoredTopology> {
  const now = store.now();
  const { stored } = await store.change(name, (record) => {
    if (record === undefined) {
      return undefined;
    }
    refuseIfBeingDeleted(record, now);
    return { ...record, deletingSinceMs: now };
  });
  return stored;
}

/** Somebody who found the mark too old may have been faster: then it is off already. */
async function unmark(store: TopologyStore, marked: StoredTopology): Promise<void> {
  try {
    await store.update(marked, withoutMark(marked.value));
  } catch (error) {
    if (!isStale(error)) {
      throw error;
    }
  }
}

async function refuseWhileUsed(name: string, ask: Ask): Promise<void> {
  const job = await findJobOf(name, ask);
  if (job !== undefined) {
    throw new ExportError('TopologyInUse', {
      message: `the topology ${name} has jobs, such as ${job}`,
      target: 'name',
      details: { job },
    });
  }
}
