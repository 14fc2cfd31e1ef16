import { LeafHasher, SegmentIndexer, type IndexedObject } from '@clipmesh/archive';
import type { ObjectRef, ObjectStore, StoredObject } from '@clipmesh/object-store';
import { ExportError } from '@clipmesh/errors';

type Bytes = AsyncIterable<Uint8Array>;

/** A part on its way into the store: indexed and hashed while it streams past, so that it never touches a disk. */
export class PartOnItsWay {
  private readonly indexer = new SegmentIndexer({ origin: 'movie' });
  private stored: StoredObject | undefined;

  constructor(
    private readonly store: ObjectStore,
    private readonly ref: ObjectRef,
    private readonly signal: AbortSignal,
  ) {}

  /** Takes what the encoder writes, to its end. Whether that was a good end only the encoder's exit tells. */
  async take(output: Bytes): Promise<void> {
    const { signal } = this;
    this.stored = await this.store.putStream(this.ref, this.pass(output), {
      signal,
      contentType: 'video/mp4',
    });
  }

  /** The index of the part, once the encoder has ended well. */
  async finish(): Promise<IndexedObject> {
    const { stored } = this;
    const findings = this.indexer.finish();
    if (stored?.sizeBytes !== findings.sizeBytes) {
      throw new ExportError('OutputInvalid', {
        message: `the store took ${stored?.sizeBytes ?? 0} of the ${findings.sizeBytes} bytes of a part`,
        details: { ...this.ref },
      });
    }
    const { sizeBytes, sha256, index, leafEnds } = findings;
    const leaves = findings.leaves ?? (await this.readLeaves(stored.etag, leafEnds));
    return { ...this.ref, etag: stored.etag, sizeBytes, sha256, leaves, tracks: index.tracks };
  }

  private async *pass(output: Bytes): AsyncGenerator<Uint8Array> {
    for await (const chunk of output) {
      this.indexer.push(chunk);
      yield chunk;
    }
  }

  /** A part that was too large to be kept in memory is read once more. */
  private async readLeaves(etag: string, leafEnds: readonly number[]) {
    const hasher = new LeafHasher(leafEnds);
    const body = await this.store.read(this.ref, { ifMatch: etag, signal: this.signal });
    // A byte stream yields buffers.
    for await (const chunk of body as Bytes) {
      hasher.push(chunk);
    }
    return hasher.finish();
  }
}
