import type { Manifest } from '@clipmesh/archive';
import {
  asFiles,
  listFiles,
  type FileDigest,
  type JobRecord,
  type TaskOutcome,
  type WrittenFile,
} from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { ObjectStore } from '@clipmesh/object-store';
import type { TaskContext } from '@clipmesh/service-kit';
import { digestFile } from './file-digest';
import type { RightOfWay } from './right-of-way';

/** Reads published files once for their plain SHA-256, which `Repr-Digest` and `sha256sum` speak. */
export async function digestExport(
  store: ObjectStore,
  job: JobRecord,
  { signal }: TaskContext,
  rightOfWay: RightOfWay,
): Promise<TaskOutcome> {
  if (job.written === undefined) {
    throw new ExportError('InternalError', { message: `job ${job.name} is to be digested and has no file` });
  }
  const digests: FileDigest[] = [];
  for (const written of listFiles<WrittenFile>(job.written)) {
    digests.push({ sha256: await readDigest(store, written, signal, rightOfWay) });
  }
  return { stage: 'digest', ...asFiles(digests) };
}

async function readDigest(
  store: ObjectStore,
  { file, manifest }: WrittenFile,
  signal: AbortSignal,
  rightOfWay: RightOfWay,
): Promise<string> {
  const text = await store.readAll(manifest, { ifMatch: manifest.etag, signal });
  // Our own file, written once under a key of its own.
  const document = JSON.parse(text.toString()) as Manifest;
  const pace = (): Promise<void> => rightOfWay.giveWay();
  return digestFile(store, file, document, { signal, pace });
}
