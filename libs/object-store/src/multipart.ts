import { ExportError } from '@clipmesh/errors';
import { completedEtag } from './completion';
import { bareEtag, etagOfParts, quotedEtag } from './etag';
import { bufferOver, copySourceOf, type Abortable, type ObjectRange, type ObjectRef } from './object-ref';
import { existingWithEtag, ownWriteOr, putHeaders, type PutOptions } from './put-object';
import { toStoreError, type StoreRequest } from './s3-errors';
import type { S3Session } from './s3-session';

/** One part of an unfinished upload, as the store has it. */
export interface UploadedPart {
  /** 1-based, as in S3. */
  readonly partNumber: number;
  readonly etag: string;
  readonly sizeBytes: number;
}

export interface UploadRef extends ObjectRef {
  readonly uploadId: string;
}

/** Bytes of another object, pinned to the ETag that they were planned from. */
export interface CopySource extends ObjectRange {
  readonly ref: ObjectRef;
  readonly ifMatch: string;
}

/** An upload whose answer is lost stays behind empty; {@link listUploads} finds it by its key. */
export async function startUpload(session: S3Session, ref: ObjectRef, options: PutOptions): Promise<string> {
  return session.call({ signal: options.signal, request: { verb: 'startUpload', ...ref } }, () =>
    session.client.initiateNewMultipartUpload(
      ref.bucket,
      ref.key,
      putHeaders({ ...options, ifNoneMatch: false }),
    ),
  );
}

export async function uploadPart(
  session: S3Session,
  upload: UploadRef,
  partNumber: number,
  bytes: Uint8Array,
  options: Abortable,
): Promise<string> {
  const request = partRequest('uploadPart', upload, partNumber);
  return session.call({ ...options, request, payloadBytes: bytes.length }, async () => {
    const { etag } = await session.bulkClient.uploadPart(partOf(upload, partNumber, {}), bufferOver(bytes));
    return etagOf(etag, request);
  });
}

/** Has the store copy bytes of another object into a part: they do not pass through this process. */
export async function copyPart(
  session: S3Session,
  upload: UploadRef,
  partNumber: number,
  source: CopySource,
  options: Abortable,
): Promise<string> {
  const request: StoreRequest = {
    ...partRequest('copyPart', upload, partNumber),
    onPrecondition: 'SourceChanged',
    details: { partNumber, source: source.ref, offset: source.offset, length: source.length },
  };
  const headers = {
    'x-amz-copy-source': copySourceOf(source.ref),
    'x-amz-copy-source-range': `bytes=${source.offset}-${source.offset + source.length - 1}`,
    'x-amz-copy-source-if-match': quotedEtag(source.ifMatch),
  };
  return session.call({ ...options, request, payloadBytes: source.length }, async () => {
    const { etag } = await session.client.uploadPart(partOf(upload, partNumber, headers));
    return etagOf(etag, request);
  });
}

/** What an upload holds so far; `ObjectMissing` when there is no such upload. */
export async function listParts(
  session: S3Session,
  upload: UploadRef,
  options: Abortable,
): Promise<UploadedPart[]> {
  const { bucket, key, uploadId } = upload;
  const request = { verb: 'listParts', bucket, key, details: { uploadId } };
  const parts = await session.call({ ...options, request }, () =>
    session.client.partsOf(bucket, key, uploadId),
  );
  return parts.map((part) => ({ partNumber: part.part, etag: bareEtag(part.etag), sizeBytes: part.size }));
}

/** Makes the object visible. minio-js's own call takes no condition, hence the request by hand. */
export async function completeUpload(
  session: S3Session,
  upload: UploadRef,
  parts: readonly Pick<UploadedPart, 'partNumber' | 'etag'>[],
  options: Pick<PutOptions, 'signal' | 'ifNoneMatch'>,
): Promise<{ etag: string }> {
  const { bucket, key, uploadId } = upload;
  const request: StoreRequest = {
    verb: 'completeUpload',
    bucket,
    key,
    onPrecondition: 'ObjectExists',
    details: { uploadId },
  };
  const headers = {
    'content-type': 'application/xml',
    ...(options.ifNoneMatch === true ? { 'if-none-match': '*' } : {}),
  };
  const query = `uploadId=${encodeURIComponent(uploadId)}`;
  return session.call({ signal: options.signal, request }, async (attempt) => {
    try {
      const response = await session.client.makeRequestAsync(
        { method: 'POST', bucketName: bucket, objectName: key, query, headers: { ...headers } },
        completionOf(parts),
      );
      return { etag: etagOf(await completedEtag(response), request) };
    } catch (error) {
      return await ownWriteOr(error, attempt, () =>
        existingWithEtag(session, upload, etagOfParts(parts.map((part) => part.etag)), options),
      );
    }
  });
}

/** Gives up an upload and its parts; one that is gone already is fine. */
export async function abortUpload(session: S3Session, upload: UploadRef, options: Abortable): Promise<void> {
  const { bucket, key, uploadId } = upload;
  const request = { verb: 'abortUpload', bucket, key, details: { uploadId } };
  try {
    await session.call({ ...options, request }, () =>
      session.client.abortMultipartUpload(bucket, key, uploadId),
    );
  } catch (error) {
    if (!(error instanceof ExportError && error.code === 'ObjectMissing')) {
      throw error;
    }
  }
}

function completionOf(parts: readonly Pick<UploadedPart, 'partNumber' | 'etag'>[]): string {
  const items = parts.map(
    ({ partNumber, etag }) => `<Part><PartNumber>${partNumber}</PartNumber><ETag>"${etag}"</ETag></Part>`,
  );
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${items.join('')}</CompleteMultipartUpload>`;
}

function partRequest(verb: string, upload: UploadRef, partNumber: number): StoreRequest {
  return { verb, bucket: upload.bucket, key: upload.key, details: { partNumber, uploadId: upload.uploadId } };
}

function partOf(upload: UploadRef, partNumber: number, headers: Record<string, string>) {
  return {
    bucketName: upload.bucket,
    objectName: upload.key,
    uploadID: encodeURIComponent(upload.uploadId),
    partNumber,
    headers,
  };
}

/** Like a completion, a part copy may be refused after the answer has begun with 200; then there is no ETag. */
function etagOf(etag: string, request: StoreRequest): string {
  if (etag === '') {
    throw toStoreError(Object.assign(new Error('the answer has no ETag'), { code: 'ENOETAG' }), request);
  }
  return bareEtag(etag);
}
