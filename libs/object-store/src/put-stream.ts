import { BoundedTasks } from './bounded';
import { abortUpload, completeUpload, startUpload, uploadPart } from './multipart';
import type { ObjectRef } from './object-ref';
import { partsOf } from './part-bytes';
import { putObject, type PutOptions } from './put-object';
import type { S3Session } from './s3-session';

export interface PutStreamOptions extends PutOptions {
  /** Bytes of a part, at least 5 MiB; default 8 MiB. A source that ends within the first part is put in one request. */
  readonly partBytes?: number;
  /** Parts in flight at a time, default 2. Memory is `partBytes` times one more than this. */
  readonly concurrency?: number;
}

export interface StoredObject {
  readonly etag: string;
  readonly sizeBytes: number;
}

const DEFAULT_PART_BYTES = 8 * 1024 * 1024;

/**
 * Puts bytes of unknown number. minio-js's own way would buffer half a gigabyte, take a source that breaks off for a
 * whole one, and leave the upload behind when it fails (`putObject` with a stream).
 */
export async function putStream(
  session: S3Session,
  ref: ObjectRef,
  source: AsyncIterable<Uint8Array>,
  options: PutStreamOptions,
): Promise<StoredObject> {
  const tasks = new BoundedTasks(options.concurrency ?? 2, options.signal);
  const parts = partsOf(source, options.partBytes ?? DEFAULT_PART_BYTES, tasks.signal);
  try {
    const first = await parts.next();
    const { bytes, isLast } = first.done === true ? EMPTY : first.value;
    if (isLast) {
      const { etag } = await putObject(session, ref, bytes, options);
      await tasks.end();
      return { etag, sizeBytes: bytes.length };
    }
    return await putParts(session, ref, tasks, bytes, parts, options);
  } catch (error) {
    await tasks.cancel(error);
    await parts.return(undefined);
    throw error;
  }
}

const EMPTY = { bytes: Buffer.alloc(0), isLast: true };

async function putParts(
  session: S3Session,
  ref: ObjectRef,
  tasks: BoundedTasks,
  first: Buffer,
  rest: AsyncIterable<{ bytes: Buffer }>,
  options: PutStreamOptions,
): Promise<StoredObject> {
  const upload = { ...ref, uploadId: await startUpload(session, ref, options) };
  const etags: string[] = [];
  let sizeBytes = 0;
  const send = async (bytes: Buffer, index: number) => {
    sizeBytes += bytes.length;
    await tasks.add(async (signal) => {
      etags[index] = await uploadPart(session, upload, index + 1, bytes, { signal });
    });
  };
  try {
    let index = 0;
    await send(first, index++);
    for await (const { bytes } of rest) {
      await send(bytes, index++);
    }
    await tasks.end();
    const parts = etags.map((etag, at) => ({ partNumber: at + 1, etag }));
    return { ...(await completeUpload(session, upload, parts, options)), sizeBytes };
  } catch (error) {
    await tasks.cancel(error);
    // Not under the caller's signal: it may be what ended us. A failure to clean up must not hide the first error.
    await abortUpload(session, upload, {}).catch(() => undefined);
    throw error;
  }
}
