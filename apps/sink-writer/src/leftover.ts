import type { StoredObject } from '@clipmesh/contracts';
import type { Abortable, ObjectRef, ObjectStore, UploadRef } from '@clipmesh/object-store';

/** What an earlier claim left of the same movie: the whole file, or an upload with some of its parts. */
export type Leftover =
  | { readonly kind: 'file'; readonly file: StoredObject }
  | { readonly kind: 'upload'; readonly upload: UploadRef };

/** The first leftover that one of the places holds. A file of another size is none: it was laid out in another way. */
export async function findLeftover(
  store: ObjectStore,
  places: readonly ObjectRef[],
  sizeBytes: number,
  options: Abortable,
): Promise<Leftover | undefined> {
  for (const place of places) {
    const head = await store.head(place, options);
    if (head?.sizeBytes === sizeBytes) {
      return { kind: 'file', file: { ...place, ...head } };
    }
    const upload = await fullestUpload(store, place, options);
    if (upload !== undefined) {
      return { kind: 'upload', upload };
    }
  }
  return undefined;
}

/** An upload whose start was answered to nobody lies empty beside the one that took its place. */
async function fullestUpload(
  store: ObjectStore,
  { bucket, key }: ObjectRef,
  options: Abortable,
): Promise<UploadRef | undefined> {
  const uploads = (await store.listUploads(bucket, key, options)).filter((upload) => upload.key === key);
  if (uploads.length < 2) {
    return uploads[0];
  }
  const parts = await Promise.all(
    uploads.map(async (upload) => (await store.listParts(upload, options)).length),
  );
  return uploads[parts.indexOf(Math.max(...parts))];
}
