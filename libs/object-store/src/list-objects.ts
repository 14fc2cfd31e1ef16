import { bareEtag } from './etag';
import type { Abortable, ObjectHead } from './object-ref';
import type { UploadRef } from './multipart';
import type { S3Session } from './s3-session';

export interface ListedObject extends ObjectHead {
  readonly key: string;
  readonly lastModified: Date;
}

export interface ListOptions extends Abortable {
  /** Only keys that sort after this one. */
  readonly startAfter?: string | undefined;
}

export interface UnfinishedUpload extends UploadRef {
  readonly initiated: Date;
}

const PAGE_KEYS = 1_000;

/** Objects whose keys begin with the prefix, in the order of their keys' bytes, fetched a page at a time. */
export async function* listObjects(
  session: S3Session,
  bucket: string,
  prefix: string,
  options: ListOptions,
): AsyncGenerator<ListedObject> {
  let token = '';
  do {
    const request = { verb: 'list', bucket, key: prefix };
    const page = await session.call({ signal: options.signal, request }, () =>
      session.client.listObjectsV2Query(bucket, prefix, token, '', PAGE_KEYS, options.startAfter ?? ''),
    );
    for (const item of page.objects) {
      if (item.name !== undefined) {
        const { name, size, etag, lastModified } = item;
        yield { key: name, sizeBytes: size, etag: bareEtag(etag), lastModified };
      }
    }
    token = page.isTruncated ? page.nextContinuationToken : '';
  } while (token !== '');
}

/**
 * Uploads begun and not ended, of one exact key or below a prefix.
 *
 * MinIO answers an exact key from its disks. For any other prefix it answers only with an empty one, and from memory:
 * uploads that are older than its last start are not in that list. Whoever must find every upload asks by exact key.
 */
export async function listUploads(
  session: S3Session,
  bucket: string,
  prefix: string,
  options: Abortable,
): Promise<UnfinishedUpload[]> {
  const found = new Map<string, UnfinishedUpload>();
  for (const asked of new Set([prefix, ''])) {
    for (const upload of await uploadsWith(session, bucket, asked, options)) {
      if (upload.key.startsWith(prefix)) {
        found.set(upload.uploadId, upload);
      }
    }
  }
  return [...found.values()];
}

async function uploadsWith(
  session: S3Session,
  bucket: string,
  prefix: string,
  options: Abortable,
): Promise<UnfinishedUpload[]> {
  const request = { verb: 'listUploads', bucket, key: prefix };
  const uploads: UnfinishedUpload[] = [];
  let keyMarker = '';
  let uploadIdMarker = '';
  for (;;) {
    const page = await session.call({ ...options, request }, () =>
      session.client.listIncompleteUploadsQuery(bucket, prefix, keyMarker, uploadIdMarker, ''),
    );
    for (const { key, uploadId, initiated } of page.uploads) {
      uploads.push({ bucket, key, uploadId, initiated });
    }
    const last = page.uploads.at(-1);
    if (!page.isTruncated || last === undefined) {
      return uploads;
    }
    // minio-js 8.0.7 loses the server's marker for upload ids; the last upload of the page is the same thing.
    keyMarker = last.key;
    uploadIdMarker = last.uploadId;
  }
}
