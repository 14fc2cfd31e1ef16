import type { Readable } from 'node:stream';
import { S3Error } from 'minio';
import { listObjects, listUploads, type ListedObject, type ListOptions } from './list-objects';
import type { UnfinishedUpload } from './list-objects';
import * as multipart from './multipart';
import type { CopySource, UploadedPart, UploadRef } from './multipart';
import type { Abortable, ObjectHead, ObjectRef } from './object-ref';
import { presignGet, type PresignOptions } from './presign';
import { putObject, type PutOptions } from './put-object';
import { putStream, type PutStreamOptions, type StoredObject } from './put-stream';
import { headObject, openObject, readAllOfObject, readIntoBuffer, readObject } from './read-object';
import type { OpenedObject, ReadIntoOptions, ReadOptions } from './read-object';
import { removeObject, removeObjects, removePrefix } from './remove-objects';
import { S3Session, type StoreSettings } from './s3-session';

/**
 * The object store in the words of this product, on any server that speaks S3.
 *
 * Every verb has a deadline, is tried again when the store does not answer, stops when its signal aborts (and then
 * throws the signal's reason), and fails with an `ExportError`. ETags are without quotes. One file per theme holds
 * what each verb does.
 */
export class ObjectStore {
  private constructor(private readonly session: S3Session) {}

  static open(settings: StoreSettings): ObjectStore {
    return new ObjectStore(new S3Session(settings));
  }

  /** Lets idle connections go. */
  close(): void {
    this.session.close();
  }

  /** Makes the bucket unless it is there. */
  async ensureBucket(bucket: string, options: Abortable = {}): Promise<void> {
    const { client } = this.session;
    await this.session.call({ ...options, request: { verb: 'ensureBucket', bucket } }, async () => {
      if (!(await client.bucketExists(bucket))) {
        await client.makeBucket(bucket).catch(ignoreTaken);
      }
    });
  }

  head(ref: ObjectRef, options: Abortable = {}): Promise<ObjectHead | undefined> {
    return headObject(this.session, ref, options);
  }

  read(ref: ObjectRef, options: ReadOptions = {}): Promise<Readable> {
    return readObject(this.session, ref, options);
  }

  open(ref: ObjectRef, options: Abortable = {}): Promise<OpenedObject> {
    return openObject(this.session, ref, options);
  }

  readAll(ref: ObjectRef, options: ReadOptions = {}): Promise<Buffer> {
    return readAllOfObject(this.session, ref, options);
  }

  readInto(target: Buffer, ref: ObjectRef, options: ReadIntoOptions): Promise<void> {
    return readIntoBuffer(this.session, target, ref, options);
  }

  put(ref: ObjectRef, bytes: Uint8Array, options: PutOptions = {}): Promise<{ etag: string }> {
    return putObject(this.session, ref, bytes, options);
  }

  putStream(
    ref: ObjectRef,
    source: AsyncIterable<Uint8Array>,
    options: PutStreamOptions = {},
  ): Promise<StoredObject> {
    return putStream(this.session, ref, source, options);
  }

  startUpload(ref: ObjectRef, options: PutOptions = {}): Promise<string> {
    return multipart.startUpload(this.session, ref, options);
  }

  uploadPart(
    upload: UploadRef,
    partNumber: number,
    bytes: Uint8Array,
    options: Abortable = {},
  ): Promise<string> {
    return multipart.uploadPart(this.session, upload, partNumber, bytes, options);
  }

  copyPart(
    upload: UploadRef,
    partNumber: number,
    source: CopySource,
    options: Abortable = {},
  ): Promise<string> {
    return multipart.copyPart(this.session, upload, partNumber, source, options);
  }

  listParts(upload: UploadRef, options: Abortable = {}): Promise<UploadedPart[]> {
    return multipart.listParts(this.session, upload, options);
  }

  completeUpload(
    upload: UploadRef,
    parts: readonly Pick<UploadedPart, 'partNumber' | 'etag'>[],
    options: Pick<PutOptions, 'signal' | 'ifNoneMatch'> = {},
  ): Promise<{ etag: string }> {
    return multipart.completeUpload(this.session, upload, parts, options);
  }

  abortUpload(upload: UploadRef, options: Abortable = {}): Promise<void> {
    return multipart.abortUpload(this.session, upload, options);
  }

  listUploads(bucket: string, prefix: string, options: Abortable = {}): Promise<UnfinishedUpload[]> {
    return listUploads(this.session, bucket, prefix, options);
  }

  list(bucket: string, prefix: string, options: ListOptions = {}): AsyncGenerator<ListedObject> {
    return listObjects(this.session, bucket, prefix, options);
  }

  remove(ref: ObjectRef, options: Abortable = {}): Promise<void> {
    return removeObject(this.session, ref, options);
  }

  removeMany(bucket: string, keys: readonly string[], options: Abortable = {}): Promise<void> {
    return removeObjects(this.session, bucket, keys, options);
  }

  removePrefix(bucket: string, prefix: string, options: Abortable = {}): Promise<number> {
    return removePrefix(this.session, bucket, prefix, options);
  }

  presignGet(ref: ObjectRef, options: PresignOptions): Promise<string> {
    return presignGet(this.session, ref, options);
  }
}

function ignoreTaken(error: unknown): void {
  const taken = error instanceof S3Error && /^BucketAlready/.test(error.code ?? '');
  if (!taken) {
    throw error;
  }
}
