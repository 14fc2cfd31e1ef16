import type { KvBucketSpec } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { Link } from '../connection/link';
import type { Codec } from './codec';
import { DELETION, isStale, KvBucket } from './kv-bucket';
import { listEntries } from './list-entries';
import { watchEntries, type KvWatch, type WatchOptions } from './watch-entries';

/** A value at the revision that a change must name. Revisions only grow, over the whole bucket. */
export interface KvRecord<T> {
  readonly key: string;
  readonly value: T;
  readonly revision: number;
}

export interface ListOptions {
  /** Told of records that cannot be read, which are then left out; without it the first one is thrown. */
  readonly onUnreadable?: (error: ExportError, key: string) => void;
}

/** Deletions stay readable this long, longer than any message that could still ask for them. */
const TOMBSTONE_TTL = '720h';

/**
 * A typed bucket. Every change that matters names the revision that it was made from; a stale one is refused with
 * `RevisionStale`, and its writer reads again (see `change`).
 */
export class KvStore<T> {
  private readonly bucket: KvBucket;

  constructor(
    private readonly link: Link,
    readonly spec: KvBucketSpec,
    private readonly codec: Codec<T>,
  ) {
    this.bucket = new KvBucket(link, spec.name);
  }

  async get(key: string): Promise<KvRecord<T> | undefined> {
    const stored = await this.bucket.read(key);
    return stored === undefined || stored.isDeletion
      ? undefined
      : { key, value: this.codec.decode(stored.bytes), revision: stored.revision };
  }

  /** Whether the key once had a value and was deleted, as far back as deletions are kept. */
  async wasDeleted(key: string): Promise<boolean> {
    return (await this.bucket.read(key))?.isDeletion ?? false;
  }

  /** The first revision of the key, or `undefined` when it has a value already. */
  async create(key: string, value: T): Promise<number | undefined> {
    const bytes = this.codec.encode(value);
    const created = await unlessStale(this.bucket.writeAt(key, bytes, 0));
    if (created !== undefined) {
      return created;
    }
    const stored = await this.bucket.read(key);
    return stored?.isDeletion === true
      ? unlessStale(this.bucket.writeAt(key, bytes, stored.revision))
      : undefined;
  }

  /** @throws ExportError `RevisionStale` when the key has moved on from `revision`. */
  update(key: string, value: T, revision: number): Promise<number> {
    return this.bucket.writeAt(key, this.codec.encode(value), revision);
  }

  /** Writes whatever is there. Only for values that one writer owns. */
  put(key: string, value: T): Promise<number> {
    return this.bucket.write(key, this.codec.encode(value));
  }

  /** @throws ExportError `RevisionStale` when `revision` is given and the key has moved on from it. */
  async delete(key: string, revision?: number): Promise<void> {
    const ttl = this.spec.ttlMs === undefined ? { 'Nats-TTL': TOMBSTONE_TTL } : {};
    const headers = { ...DELETION, ...ttl };
    await (revision === undefined
      ? this.bucket.write(key, new Uint8Array(), headers)
      : this.bucket.writeAt(key, new Uint8Array(), revision, headers));
  }

  /**
   * All that the bucket holds now, or what `filter` matches (`a.b.*`, `a.>`), each key once, oldest change first.
   * It ends when it has caught up, on an empty bucket at once, and leaves nothing behind on the server.
   */
  async *list(filter = '>', options: ListOptions = {}): AsyncGenerator<KvRecord<T>, void, undefined> {
    for await (const entry of listEntries(this.link, this.spec.name, filter)) {
      const record = this.readEntry(entry, options);
      if (record !== undefined) {
        yield record;
      }
    }
  }

  /** Follows what `filter` matches: first all that is there, then every change; resolves when it has caught up. */
  watch(filter: string, options: WatchOptions<T>): Promise<KvWatch> {
    return watchEntries(this.link, this.spec.name, filter, this.codec, options);
  }

  private readEntry(
    entry: { readonly key: string; readonly bytes: Uint8Array; readonly revision: number },
    options: ListOptions,
  ): KvRecord<T> | undefined {
    try {
      return { key: entry.key, value: this.codec.decode(entry.bytes), revision: entry.revision };
    } catch (error) {
      if (!(error instanceof ExportError) || options.onUnreadable === undefined) {
        throw error;
      }
      options.onUnreadable(error, entry.key);
      return undefined;
    }
  }
}

async function unlessStale(write: Promise<number>): Promise<number | undefined> {
  try {
    return await write;
  } catch (error) {
    if (isStale(error)) {
      return undefined;
    }
    throw error;
  }
}
