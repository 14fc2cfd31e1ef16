/** Where an object lies. Keys are never escaped by callers. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
}

/** What the store says of an object without reading it. */
export interface ObjectHead {
  readonly sizeBytes: number;
  /** Without quotes, as everywhere in this code. */
  readonly etag: string;
}

/** Consecutive bytes of an object. */
export interface ObjectRange {
  readonly offset: number;
  readonly length: number;
}

/** What every verb of the store takes: the reason of an abort is what the verb then throws. */
export interface Abortable {
  readonly signal?: AbortSignal | undefined;
}

/** `/bucket/key` with every path segment percent-encoded, as `x-amz-copy-source` wants it (minio-js sends it raw). */
export function copySourceOf(ref: ObjectRef): string {
  return `/${[ref.bucket, ...ref.key.split('/')].map(percentEncoded).join('/')}`;
}

/** RFC 3986: `encodeURIComponent` leaves `! ' ( ) *` as they are, and S3 signatures do not. */
function percentEncoded(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
