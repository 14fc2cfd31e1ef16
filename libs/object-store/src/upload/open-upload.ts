import { ExportError } from '@clipmesh/errors';
import type { UploadedPart, UploadRef } from '../multipart';
import type { Abortable, ObjectRef } from '../object-ref';
import type { ObjectStore } from '../object-store';
import type { PlannedPart } from './planned-part';

export interface OpenUploadOptions extends Abortable {
  readonly contentType?: string;
  readonly ifNoneMatch?: boolean;
  readonly resume?: string | undefined;
}

export interface OpenUpload {
  readonly upload: UploadRef;
  /** What an earlier attempt has stored in it. */
  readonly stored: readonly UploadedPart[];
}

/** The earlier attempt's upload with its parts, or a new one when there is none (any more). */
export async function openUpload(
  store: ObjectStore,
  target: ObjectRef,
  options: OpenUploadOptions,
): Promise<OpenUpload> {
  const { signal, contentType, resume } = options;
  if (resume !== undefined) {
    const upload = { ...target, uploadId: resume };
    const stored = await partsIfAny(store, upload, options);
    if (stored !== undefined) {
      return { upload, stored };
    }
    await refuseIfThere(store, target, options);
  }
  const uploadId = await store.startUpload(target, { signal, contentType });
  return { upload: { ...target, uploadId }, stored: [] };
}

/**
 * ETags of the planned parts that are stored already, by index. When any has another size, the parts were planned in
 * another way, and nothing of them is kept.
 */
export function keptEtags(
  parts: readonly PlannedPart[],
  stored: readonly UploadedPart[],
): (string | undefined)[] {
  const kept = new Array<string | undefined>(parts.length).fill(undefined);
  if (stored.every(({ partNumber, sizeBytes }) => parts[partNumber - 1]?.length === sizeBytes)) {
    for (const { partNumber, etag } of stored) {
      kept[partNumber - 1] = etag;
    }
  }
  return kept;
}

async function partsIfAny(
  store: ObjectStore,
  upload: UploadRef,
  options: Abortable,
): Promise<UploadedPart[] | undefined> {
  try {
    return await store.listParts(upload, { signal: options.signal });
  } catch (error) {
    if (error instanceof ExportError && error.code === 'ObjectMissing') {
      return undefined;
    }
    throw error;
  }
}

/** An upload that is gone was aborted, or completed by an attempt that died before it could say so. */
async function refuseIfThere(
  store: ObjectStore,
  target: ObjectRef,
  options: OpenUploadOptions,
): Promise<void> {
  if (options.ifNoneMatch === false) {
    return;
  }
  const head = await store.head(target, { signal: options.signal });
  if (head !== undefined) {
    throw new ExportError('ObjectExists', {
      message: `${target.bucket}/${target.key} is there already, with ${head.sizeBytes} bytes`,
      details: { ...target, ...head },
    });
  }
}
