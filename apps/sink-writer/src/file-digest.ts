import { FileVerifier, type Manifest } from '@clipmesh/archive';
import type { StoredObject } from '@clipmesh/contracts';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';

export interface DigestOptions extends Abortable {
  /** Waited for between chunks. */
  readonly pace?: () => Promise<void>;
}

/**
 * SHA-256 of a stored file, lower-case hex, by one read of it, in which every leaf is held against the manifest:
 * what the store copied for us is seen once by our own eyes.
 */
export async function digestFile(
  store: ObjectStore,
  file: StoredObject,
  manifest: Manifest,
  { signal, pace }: DigestOptions,
): Promise<string> {
  const verifier = new FileVerifier(manifest);
  const body = await store.read(file, { ifMatch: file.etag, signal });
  // A byte stream yields buffers.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    verifier.push(chunk);
    await pace?.();
  }
  return verifier.finish();
}
