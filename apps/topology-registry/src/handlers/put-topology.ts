import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { PutTopologyReply, TopologyBody, TopologyRecord } from '@clipmesh/contracts';
import { parseTopology } from '@clipmesh/pipeline';
import { refuseIfBeingDeleted, withoutMark } from '../deleting-mark';
import { refusal } from '../refusal';
import type { TopologyStore } from '../topology-store';
import { viewTopology } from '../topology-view';

/** Creates or replaces a topology. The same body again changes nothing. Jobs keep what they were resolved to. */
export async function putTopology(store: TopologyStore, request: TopologyBody): Promise<PutTopologyReply> {
  const reading = parseTopology(request);
  if ('problems' in reading) {
    throw refusal(reading.problems);
  }
  const { topology } = reading;
  const now = store.now();
  const fresh: TopologyRecord = {
    format: 1,
    id: randomUUID(),
    name: request.name,
    body: topology,
    createdAtMs: now,
    lastModifiedAtMs: now,
  };
  const { stored, changed } = await store.change(request.name, (record) => {
    if (record === undefined) {
      return fresh;
    }
    refuseIfBeingDeleted(record, now);
    return isDeepStrictEqual(record.body, topology)
      ? undefined
      : { ...withoutMark(record), body: topology, lastModifiedAtMs: now };
  });
  if (changed) {
    await store.tell('put', stored);
  }
  return { created: stored.value.id === fresh.id, topology: viewTopology(stored.value, 'as-given') };
}
