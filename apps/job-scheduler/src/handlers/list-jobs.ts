import type { JobPage, ListJobs } from '@clipmesh/contracts';
import { publicState } from '@clipmesh/pipeline';
import type { Scheduler } from '../scheduler';
import { viewWithProgress } from '../view-with-progress';

const DEFAULT_TOP = 50;

/** Jobs by name, in pages; by topology, by state. */
export async function listJobs(scheduler: Scheduler, request: ListJobs): Promise<JobPage> {
  const { index, service } = scheduler;
  const top = request.top ?? DEFAULT_TOP;
  const { topologyName, state, after } = request;
  const names = index.list({
    top,
    ...(topologyName !== undefined && { topologyName }),
    ...(state !== undefined && { state }),
    ...(after !== undefined && { after }),
  });
  const page = names.slice(0, top);
  const found = await Promise.all(page.map((name) => service.find(name)));
  const jobs = found.flatMap((stored) =>
    // The index may be a moment behind; the record is the truth.
    stored !== undefined && isOfState(stored.value.state, state) ? [stored] : [],
  );
  const last = page.at(-1);
  return {
    value: await Promise.all(jobs.map((stored) => viewWithProgress(scheduler, stored))),
    ...(names.length > top && last !== undefined && { after: last }),
  };
}

const isOfState = (state: Parameters<typeof publicState>[0], wanted: ListJobs['state']): boolean =>
  wanted === undefined || publicState(state) === wanted;
