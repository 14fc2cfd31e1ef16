import type { Span } from '@clipmesh/media';
import { BoundedTasks } from '../bounded';
import type { UploadedPart, UploadRef } from '../multipart';
import type { Abortable, ObjectRef } from '../object-ref';
import type { ObjectStore } from '../object-store';
import type { StoredObject } from '../put-stream';
import { keptEtags, openUpload } from './open-upload';
import { bytesOfPieces, sourceOf, type SourceObject } from './part-source';
import { planParts } from './plan-parts';
import type { PlannedPart } from './planned-part';

export type { SourceObject } from './part-source';

export interface MaterialiseOptions extends Abortable {
  readonly contentType?: string;
  /** Refuse with `ObjectExists` when the target is there already; default true. */
  readonly ifNoneMatch?: boolean;
  /** Parts in flight at a time; measured best on two cores. Default 4. */
  readonly copiesInFlight?: number;
  /** Of these, parts whose bytes pass through this process: each holds 5 to 10 MiB meanwhile. Default 2. */
  readonly uploadsInFlight?: number;
  /** An upload of the same spans that an earlier attempt left unfinished: its parts are kept. */
  readonly resume?: string | undefined;
  /** Told of the upload's id before the first part, so that another attempt can resume or abort it. */
  readonly onUploadStarted?: (uploadId: string) => void | Promise<void>;
  /** Told after each part how many bytes of the file are in place. */
  readonly onProgress?: (doneBytes: number) => void;
}

/**
 * Makes one object out of spans of other objects. Long spans are copied inside the store; only what is too small for
 * that passes through this process. The object appears whole, at the end, or not at all.
 *
 * On a failure or an abort the upload is given up. When the process dies it stays, to be resumed, or to be found by
 * `listUploads` and aborted.
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
    const bytes = await bytesOfPieces(store, only?.pieces ?? [], objects, { signal });
    const { etag } = await store.put(target, bytes, { signal, contentType, ifNoneMatch });
    options.onProgress?.(sizeBytes);
    return { etag, sizeBytes };
  }
  const { upload, stored } = await openUpload(store, target, options);
  try {
    await options.onUploadStarted?.(upload.uploadId);
    const done = await fillUpload(store, upload, parts, objects, stored, options);
    const { etag } = await store.completeUpload(upload, done, { signal, ifNoneMatch });
    return { etag, sizeBytes };
  } catch (error) {
    // Not under the caller's signal: it may be what ended us. A failure to clean up must not hide the first error.
    await store.abortUpload(upload).catch(() => undefined);
    throw error;
  }
}

async function fillUpload(
  store: ObjectStore,
  upload: UploadRef,
  parts: readonly PlannedPart[],
  objects: readonly SourceObject[],
  stored: readonly UploadedPart[],
  options: MaterialiseOptions,
): Promise<{ partNumber: number; etag: string }[]> {
  const etags = keptEtags(parts, stored);
  let doneBytes = parts.reduce((sum, part, at) => sum + (etags[at] === undefined ? 0 : part.length), 0);
  const uploads = new BoundedTasks(options.uploadsInFlight ?? 2, options.signal);
  const copies = new BoundedTasks(options.copiesInFlight ?? 4, options.signal);
  const fill = async (lane: BoundedTasks, kind: PlannedPart['kind']) => {
    for (const [index, part] of parts.entries()) {
      if (part.kind === kind && etags[index] === undefined) {
        await lane.add(async (signal) => {
          etags[index] = await storePart(store, upload, index + 1, part, objects, signal);
          doneBytes += part.length;
          options.onProgress?.(doneBytes);
        });
      }
    }
    await lane.end();
  };
  const bothLanes = [fill(copies, 'copy'), fill(uploads, 'upload')];
  try {
    await Promise.all(bothLanes);
  } catch (error) {
    await Promise.all([copies.cancel(error), uploads.cancel(error)]);
    await Promise.allSettled(bothLanes);
    throw error;
  }
  return etags.map((etag, index) => ({ partNumber: index + 1, etag: etag ?? '' }));
}

async function storePart(
  store: ObjectStore,
  upload: UploadRef,
  partNumber: number,
  part: PlannedPart,
  objects: readonly SourceObject[],
  signal: AbortSignal,
): Promise<string> {
  if (part.kind === 'upload') {
    const bytes = await bytesOfPieces(store, part.pieces, objects, { signal });
    return store.uploadPart(upload, partNumber, bytes, { signal });
  }
  const { ref, etag } = sourceOf(objects, part.object);
  const { offset, length } = part;
  return store.copyPart(upload, partNumber, { ref, ifMatch: etag, offset, length }, { signal });
}
