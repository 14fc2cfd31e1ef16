import type { StoredObject } from '@clipmesh/contracts';
import { verifyLaidOutHeader } from '@clipmesh/media';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';
import { ExportError } from '@clipmesh/errors';
import type { WrittenMovie } from './written-movie';

/**
 * Checks the file as it stands in the store against the plan: its size, and the header read back, whose tables must
 * tell the planned samples at the planned places.
 */
export async function verifyFile(
  store: ObjectStore,
  file: StoredObject,
  { movie, layout }: WrittenMovie,
  options: Abortable,
): Promise<void> {
  const range = { offset: 0, length: layout.headerBytes };
  const [stored, header] = await Promise.all([
    store.head(file, options),
    store.readAll(file, { range, ifMatch: file.etag, ...options }),
  ]);
  if (stored?.sizeBytes !== layout.sizeBytes || stored.etag !== file.etag) {
    throw new ExportError('OutputInvalid', {
      message: `the store has ${stored?.sizeBytes ?? 0} bytes of the export, ${layout.sizeBytes} were laid out`,
      details: { ...file, stored },
    });
  }
  verifyLaidOutHeader(header, movie, layout);
}
