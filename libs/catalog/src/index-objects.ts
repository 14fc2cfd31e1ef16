import { createHash } from 'node:crypto';
import { decodeIndexObject, type FoldedIndex, type IndexObject, type SegmentEntry } from '@clipmesh/archive';
import { BUCKETS } from '@clipmesh/contracts';
import type { ObjectStore } from '@clipmesh/object-store';
import { ExportError } from '@clipmesh/errors';

type Store = Pick<ObjectStore, 'put' | 'readAll'>;

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
/** A day has some two hundred objects: more connections than this at once only wait for each other. */
const LOADS_AT_ONCE = 16;

/** Index objects of the bucket `index`. They never change, so what has been read once is kept, the latest used longest. */
export class IndexObjects {
  private readonly cached = new Map<string, { entries: readonly SegmentEntry[]; bytes: number }>();
  private cachedBytes = 0;
  private loading = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly cacheBytes = DEFAULT_CACHE_BYTES,
  ) {}

  async save(object: IndexObject): Promise<void> {
    await this.store.put({ bucket: BUCKETS.index, key: object.index.key }, object.bytes);
  }

  /** @throws ExportError `ObjectMissing`, or `RecordCorrupt` when its bytes are not those that the catalog names. */
  async load(folded: FoldedIndex, signal?: AbortSignal): Promise<readonly SegmentEntry[]> {
    const known = this.cached.get(folded.key);
    if (known !== undefined) {
      // Last in the map is last to go.
      this.cached.delete(folded.key);
      this.cached.set(folded.key, known);
      return known.entries;
    }
    const bytes = await this.inTurn(() =>
      this.store.readAll({ bucket: BUCKETS.index, key: folded.key }, { signal }),
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== folded.sha256) {
      throw new ExportError('RecordCorrupt', {
        message: `the index object ${folded.key} has SHA-256 ${sha256}`,
        details: { key: folded.key, expected: folded.sha256, sha256 },
      });
    }
    const entries = decodeIndexObject(bytes);
    this.keep(folded.key, entries, bytes.length);
    return entries;
  }

  /** A place that becomes free goes to whoever waits longest. */
  private async inTurn<T>(read: () => Promise<T>): Promise<T> {
    if (this.loading >= LOADS_AT_ONCE) {
      await new Promise<void>((go) => this.waiting.push(go));
    } else {
      this.loading++;
    }
    try {
      return await read();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) {
        this.loading--;
      } else {
        next();
      }
    }
  }

  private keep(key: string, entries: readonly SegmentEntry[], bytes: number): void {
    if (bytes > this.cacheBytes || this.cached.has(key)) {
      return;
    }
    this.cached.set(key, { entries, bytes });
    this.cachedBytes += bytes;
    for (const [oldest, { bytes: freed }] of this.cached) {
      if (this.cachedBytes <= this.cacheBytes) {
        return;
      }
      this.cached.delete(oldest);
      this.cachedBytes -= freed;
    }
  }
}
