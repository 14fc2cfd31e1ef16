import type { StoredObject } from '@clipmesh/contracts';
import { verifyLaidOutHeader } from '@clipmesh/media';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';
import { ExportError } from '@clipmesh/errors';
import type { WrittenMovie } from './written-movie';

/**
 * Checks the file as it stands in the store against the plan: its size, and the header read back piece by piece, whose tables
 * must tell the planned samples at the planned places.
 */
export async function verifyFile(
  store: ObjectStore,
  file: StoredObject,
  { movie, layout }: WrittenMovie,
  options: Abortable,
): Promise<void> {
  const stored = await store.head(file, options);
  if (stored?.sizeBytes !== layout.sizeBytes || stored.etag !== file.etag) {
    throw new ExportError('OutputInvalid', {
      message: `the store has ${stored?.sizeBytes ?? 0} bytes of the export, ${layout.sizeBytes} were laid out`,
      details: { ...file, stored },
    });
  }
  await verifyLaidOutHeader(
    (offset, length) => store.readAll(file, { range: { offset, length }, ifMatch: file.etag, ...options }),
    movie,
    layout,
  );
}
