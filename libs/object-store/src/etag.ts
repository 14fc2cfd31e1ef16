import { createHash } from 'node:crypto';

/** An ETag without the quotes that HTTP puts around it. */
export function bareEtag(value: string): string {
  return value.replace(/^(W\/)?"|"$/g, '');
}

/** An ETag as conditional headers want it. */
export function quotedEtag(etag: string): string {
  return `"${etag}"`;
}

/** The ETag that a store gives to an object put in one request: its MD5. */
export function etagOfBytes(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** The ETag of a multipart object: MD5 of its parts' MD5s, then their number. */
export function etagOfParts(partEtags: readonly string[]): string {
  const hash = createHash('md5');
  for (const etag of partEtags) {
    hash.update(Buffer.from(etag, 'hex'));
  }
  return `${hash.digest('hex')}-${partEtags.length}`;
}
