import { randomUUID } from 'node:crypto';
import { SAMPLES } from '@clipmesh/pipeline';
import type { TopologyStore } from './topology-store';

/** Puts the samples there, each only if its name was never used: what somebody deleted or made stays so. */
export async function seedSamples(store: TopologyStore): Promise<void> {
  const now = store.now();
  for (const { name, topology } of SAMPLES) {
    const created = await store.createIfNeverThere({
      format: 1,
      id: randomUUID(),
      name,
      body: topology,
      createdAtMs: now,
      lastModifiedAtMs: now,
    });
    if (created !== undefined) {
      await store.tell('put', created);
    }
  }
}
