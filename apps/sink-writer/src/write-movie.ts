import type { StoredObject } from '@clipmesh/contracts';
import { materialise, type Abortable, type ObjectRef, type ObjectStore } from '@clipmesh/object-store';
import { checkBothEnds } from './decode-check';
import { verifyFile } from './verify-file';
import type { WrittenMovie } from './written-movie';

export interface WriteMovieOptions extends Abortable {
  /** Told after each part how many bytes of the file are in place. */
  readonly onProgress?: (doneBytes: number) => void;
}

/** Writes one laid-out movie and checks it as it stands in the store. */
export async function writeMovie(
  store: ObjectStore,
  target: ObjectRef,
  written: WrittenMovie,
  options: WriteMovieOptions,
): Promise<StoredObject> {
  const { plan, layout, objects } = written;
  const { signal } = options;
  const stored = await materialise(store, target, layout.spans, objects, {
    ...options,
    contentType: 'video/mp4',
  });
  const file: StoredObject = { ...target, ...stored };
  await verifyFile(store, file, written, { signal });
  if (plan.edges === 'exact') {
    await checkBothEnds(store, plan, { signal });
  }
  return file;
}
