import type { WorkerPage, WorkerRecord } from '@clipmesh/contracts';
import type { Scheduler } from '../scheduler';

/** The workers that have shown themselves within the last half minute. */
export async function listWorkers({ around }: Scheduler): Promise<WorkerPage> {
  const workers: WorkerRecord[] = [];
  for await (const { value } of around.stores.workers.list()) {
    workers.push(value);
  }
  return { value: workers.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}
