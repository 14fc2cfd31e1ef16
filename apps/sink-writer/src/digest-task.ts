import type { Manifest } from '@clipmesh/archive';
import type { JobRecord, TaskOutcome } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { ObjectStore } from '@clipmesh/object-store';
import type { TaskContext } from '@clipmesh/service-kit';
import { digestFile } from './file-digest';

/** Reads a published file once for its plain SHA-256, which `Repr-Digest` and `sha256sum` speak. */
export async function digestExport(
  store: ObjectStore,
  job: JobRecord,
  { signal, progress }: TaskContext,
): Promise<TaskOutcome> {
  if (job.written === undefined) {
    throw new ExportError('InternalError', { message: `job ${job.name} is to be digested and has no file` });
  }
  const { file, manifest } = job.written;
  const text = await store.readAll(manifest, { ifMatch: manifest.etag, signal });
  const onProgress = (doneBytes: number): void => {
    progress((100 * doneBytes) / file.sizeBytes);
  };
  // Our own file, written once under a key of its own.
  const sha256 = await digestFile(store, file, JSON.parse(text.toString()) as Manifest, {
    signal,
    onProgress,
  });
  return { stage: 'digest', sha256 };
}
