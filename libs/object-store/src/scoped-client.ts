import { AsyncLocalStorage } from 'node:async_hooks';
import { Client } from 'minio';

type RequestOption = Parameters<Client['makeRequestAsync']>[0];
type PartList = Awaited<ReturnType<ScopedClient['partsOf']>>;
export type StoredPart = PartList[number];

const currentSignal = new AsyncLocalStorage<AbortSignal>();

/**
 * minio-js has neither timeouts nor cancellation. Whatever is called inside {@link runWith} carries the signal down to
 * Node's `http.request`, so that an abort destroys the socket and nothing can hang.
 */
export class ScopedClient extends Client {
  /**
   * Leaves bodies out of the signature, as minio-js does by itself over TLS: hashing media on both sides costs more
   * than sending it. What was stored is held against the archive's own digests later.
   */
  withoutPayloadHashes(): this {
    this.enableSHA256 = false;
    return this;
  }

  runWith<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    return currentSignal.run(signal, send);
  }

  /** minio-js keeps its `listParts` for subclasses. */
  partsOf(bucket: string, key: string, uploadId: string): ReturnType<Client['listParts']> {
    return this.listParts(bucket, key, uploadId);
  }

  protected override getRequestOptions(options: RequestOption & { region: string }) {
    const signal = currentSignal.getStore();
    return { ...super.getRequestOptions(options), ...(signal === undefined ? {} : { signal }) };
  }
}
