import type { Manifest } from '@clipmesh/archive';
import type { JobRecord, TaskOutcome } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { ObjectStore } from '@clipmesh/object-store';
import type { TaskContext } from '@clipmesh/service-kit';
import { digestFile } from './file-digest';
import type { RightOfWay } from './right-of-way';

/** Reads a published file once for its plain SHA-256, which `Repr-Digest` and `sha256sum` speak. */
export async function digestExport(
  store: ObjectStore,
  job: JobRecord,
  { signal }: TaskContext,
  rightOfWay: RightOfWay,
): Promise<TaskOutcome> {
  if (job.written === undefined) {
    throw new ExportError('InternalError', { message: `job ${job.name} is to be digested and has no file` });
  }
  const { file, manifest } = job.written;
  const text = await store.readAll(manifest, { ifMatch: manifest.etag, signal });
  // Our own file, written once under a key of its own.
  const document = JSON.parse(text.toString()) as Manifest;
  const pace = (): Promise<void> => rightOfWay.giveWay();
  return { stage: 'digest', sha256: await digestFile(store, file, document, { signal, pace }) };
}
