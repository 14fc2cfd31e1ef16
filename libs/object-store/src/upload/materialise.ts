import { ExportError } from '@clipmesh/errors';
import type { Span } from '@clipmesh/media';
import { etagOfParts } from '../etag';
import type { UploadRef } from '../multipart';
import type { ObjectRef } from '../object-ref';
import type { ObjectStore } from '../object-store';
import type { PutOptions } from '../put-object';
import type { StoredObject } from '../put-stream';
import { fillUpload, type FilledPart, type FillOptions } from './fill-upload';
import { openUpload } from './open-upload';
import { fetchPieces, type SourceObject } from './part-source';
import { planParts } from './plan-parts';

export type { SourceObject } from './part-source';

export interface MaterialiseOptions extends FillOptions {
  readonly contentType?: string;
  /** Refuse with `ObjectExists` when the target is there already; default true. */
  readonly ifNoneMatch?: boolean;
  /** An upload of the same spans that an earlier attempt left unfinished: its parts are kept. */
  readonly resume?: string | undefined;
  /** What becomes of the upload on a failure or an abort: given up (default), or left for another attempt. */
  readonly onFailure?: 'abort' | 'keep';
}

/**
 * Makes one object out of spans of other objects. Long spans are copied inside the store; only what is too small for
 * that passes through this process. The object appears whole, at the end, or not at all.
 *
 * Attempts at the same file may go on with each other's upload, even at the same time: the same number is the same
 * bytes, and the first completion makes the object. An upload that is left, by a dead process or because it was to be
 * kept, is found by `listUploads`.
 */
export async function materialise(
  store: ObjectStore,
  target: ObjectRef,
  spans: readonly Span[],
  objects: readonly SourceObject[],
  options: MaterialiseOptions = {},
): Promise<StoredObject> {
  const parts = planParts(spans);
  const sizeBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const { signal, contentType, ifNoneMatch = true } = options;
  const [only] = parts;
  if (options.resume === undefined && parts.length < 2 && only?.kind !== 'copy') {
    const bytes = Buffer.allocUnsafe(sizeBytes);
    await fetchPieces(bytes, store, only?.pieces ?? [], objects, { signal });
    const { etag } = await store.put(target, bytes, { signal, contentType, ifNoneMatch });
    options.onProgress?.(sizeBytes);
    return { etag, sizeBytes };
  }
  const { upload, stored } = await openUpload(store, target, options);
  try {
    const filled = await fillUpload({ store, upload, objects }, parts, stored, options);
    const { etag } = await complete(store, upload, filled, { signal, ifNoneMatch });
    return { etag, sizeBytes };
  } catch (error) {
    if (options.onFailure !== 'keep') {
      // Not under the caller's signal: it may be what ended us. A failure to clean up must not hide the first error.
      await store.abortUpload(upload).catch(() => undefined);
    }
    throw error;
  }
}

/** Another attempt may have completed the upload first: the object of just these parts is ours as well. */
async function complete(
  store: ObjectStore,
  upload: UploadRef,
  parts: readonly FilledPart[],
  options: Pick<PutOptions, 'signal' | 'ifNoneMatch'>,
): Promise<{ etag: string }> {
  try {
    return await store.completeUpload(upload, parts, options);
  } catch (error) {
    const { bucket, key } = upload;
    const there = isTaken(error) ? await store.head({ bucket, key }, { signal: options.signal }) : undefined;
    if (there?.etag !== etagOfParts(parts.map(({ etag }) => etag))) {
      throw error;
    }
    return there;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof ExportError && (error.code === 'ObjectMissing' || error.code === 'ObjectExists');
}
