import type { PutJobBody, PutJobReply } from '@clipmesh/contracts';
import { ExportError, toExportError } from '@clipmesh/errors';
import { dutiesOf } from '@clipmesh/pipeline';
import type { StoredJob } from '../job-service';
import { viewJob } from '../job-view';
import { digestOf, makeJob, readWantedJob, type WantedJob } from '../new-job';
import { resolveTopology } from '../resolve-topology';
import type { Scheduler } from '../scheduler';
import { nowOf } from '../surroundings';

/** Starts a job; the same body under the same name again is the same job. */
export async function putJob(scheduler: Scheduler, body: PutJobBody): Promise<PutJobReply> {
  const { service, around, driver } = scheduler;
  const wanted = readWantedJob(body);
  // Asked at the same time; what the registry says counts only for a job that is not there yet.
  const resolving = resolveTopology(around, body.name, body);
  resolving.catch(() => undefined);
  const found = await service.find(wanted.name);
  if (found !== undefined) {
    return sameJob(found, wanted);
  }
  const resolved = await resolving;
  const stored = await service.create(makeJob(wanted, resolved, around.settings.deadlineMs, nowOf(around)));
  if (stored === undefined) {
    return sameJob(await service.load(wanted.name), wanted);
  }
  await refuseIfTopologyGoes(scheduler, stored, body);
  // This first task waits for no loop and no lease.
  await driver.beginForCaller(stored, dutiesOf(stored.value));
  return { created: true, job: viewJob(stored.value) };
}

/**
 * Whoever deletes a topology marks it, and then looks for its jobs. Asked again now that the job can be seen, the
 * registry refuses when it was marked before: one of the two notices the other.
 */
async function refuseIfTopologyGoes(
  scheduler: Scheduler,
  stored: StoredJob,
  body: PutJobBody,
): Promise<void> {
  try {
    await resolveTopology(scheduler.around, body.name, body);
  } catch (thrown) {
    if (toExportError(thrown).retryable) {
      return; // the registry is away and refuses nothing: the job stands, with all that it needs
    }
    await scheduler.service.remove(stored);
    throw thrown;
  }
}

function sameJob(found: StoredJob, wanted: WantedJob): PutJobReply {
  if (found.value.bodyDigest !== digestOf(wanted)) {
    throw new ExportError('JobConflict', {
      message: `a job ${wanted.name} exists with another body`,
      target: 'name',
      details: { id: found.value.id },
    });
  }
  return { created: false, job: viewJob(found.value) };
}
