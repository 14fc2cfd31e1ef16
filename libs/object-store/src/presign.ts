import { toStoreError } from './s3-errors';
import type { ObjectRef } from './object-ref';
import type { S3Session } from './s3-session';

export interface PresignOptions {
  /** At most seven days, by the rules of the signature. */
  readonly expiresSeconds: number;
  /** Offered by browsers when they save the file. */
  readonly fileName?: string;
  readonly contentType?: string;
}

/** A link that reads one object until it expires; made without a request. */
export async function presignGet(
  session: S3Session,
  ref: ObjectRef,
  options: PresignOptions,
): Promise<string> {
  const answerHeaders = {
    ...(options.contentType === undefined ? {} : { 'response-content-type': options.contentType }),
    ...(options.fileName === undefined
      ? {}
      : { 'response-content-disposition': contentDisposition(options.fileName) }),
  };
  try {
    return await session.publicClient.presignedGetObject(
      ref.bucket,
      ref.key,
      options.expiresSeconds,
      answerHeaders,
    );
  } catch (error) {
    throw toStoreError(error, { verb: 'presignGet', ...ref });
  }
}

/** RFC 6266: a plain name for old clients, the exact one in UTF-8 beside it. */
export function contentDisposition(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%/]/g, '_');
  const exact = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
