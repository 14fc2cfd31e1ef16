import { ExportError } from '@clipmesh/errors';
import { bareEtag, etagOfBytes } from './etag';
import { bufferOver, type Abortable, type ObjectRef } from './object-ref';
import { headObject } from './read-object';
import type { Attempt, S3Session } from './s3-session';

export interface PutOptions extends Abortable {
  readonly contentType?: string | undefined;
  /** Refuse with `ObjectExists` when the key is taken. */
  readonly ifNoneMatch?: boolean | undefined;
}

/** Puts the bytes in one request. */
export async function putObject(
  session: S3Session,
  ref: ObjectRef,
  bytes: Uint8Array,
  options: PutOptions,
): Promise<{ etag: string }> {
  const request = { verb: 'put', ...ref, onPrecondition: 'ObjectExists' as const };
  const headers = putHeaders(options);
  return session.call({ signal: options.signal, request, payloadBytes: bytes.length }, async (attempt) => {
    try {
      const response = await session.client.makeRequestAsyncOmit(
        { method: 'PUT', bucketName: ref.bucket, objectName: ref.key, headers: { ...headers } },
        bufferOver(bytes),
      );
      return { etag: bareEtag(response.headers.etag ?? '') };
    } catch (error) {
      return await ownWriteOr(error, attempt, () =>
        existingWithEtag(session, ref, etagOfBytes(bytes), options),
      );
    }
  });
}

export function putHeaders(options: PutOptions): Record<string, string> {
  return {
    'content-type': options.contentType ?? 'application/octet-stream',
    ...(options.ifNoneMatch === true ? { 'if-none-match': '*' } : {}),
  };
}

/**
 * A write whose answer was lost is repeated, and then finds itself: what is there already is ours when its ETag is the
 * one that our bytes have.
 */
export async function ownWriteOr(
  error: unknown,
  attempt: Attempt,
  findOwn: () => Promise<{ etag: string } | undefined>,
): Promise<{ etag: string }> {
  const own = attempt.mayHaveHappened ? await findOwn() : undefined;
  if (own === undefined) {
    throw error;
  }
  return own;
}

export async function existingWithEtag(
  session: S3Session,
  ref: ObjectRef,
  etag: string,
  options: Abortable,
): Promise<{ etag: string } | undefined> {
  try {
    const head = await headObject(session, ref, { signal: options.signal });
    return head?.etag === etag ? { etag } : undefined;
  } catch (error) {
    if (error instanceof ExportError && error.code === 'StoreUnreachable') {
      return undefined; // the caller's own error says the same, and is tried again
    }
    throw error;
  }
}
