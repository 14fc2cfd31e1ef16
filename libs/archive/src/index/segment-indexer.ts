import { createHash } from 'node:crypto';
import { BoxCollector, readObjectIndex, type IndexOrigin, type ObjectIndex } from '@clipmesh/media';
import { leafCuts } from './leaf-cuts';
import { LeafHasher } from './leaf-hasher';
import type { Leaf } from './segment-entry';

export interface IndexerOptions {
  /** Objects up to this size are kept in memory until their leaves are known, which saves a second read. */
  readonly keepBytes?: number;
  /** See `readObjectIndex`. */
  readonly origin?: IndexOrigin;
}

export interface ObjectFindings {
  readonly sizeBytes: number;
  /** Of the whole object, lower-case hex. */
  readonly sha256: string;
  readonly index: ObjectIndex;
  /** Ends of the leaves, for a `LeafHasher` over a second read. */
  readonly leafEnds: readonly number[];
  /** Absent when the object was too large to be kept: then read it again through a `LeafHasher`. */
  readonly leaves?: readonly Leaf[];
}

const DEFAULT_KEEP_BYTES = 64 * 1024 * 1024;

/** Finds out all that the archive needs to know of an object while its bytes stream past once. */
export class SegmentIndexer {
  private readonly hash = createHash('sha256');
  private readonly boxes = new BoxCollector();
  private readonly keepBytes: number;
  private readonly origin: IndexOrigin | undefined;
  private chunks: Uint8Array[] = [];
  private sizeBytes = 0;

  constructor(options: IndexerOptions = {}) {
    this.keepBytes = options.keepBytes ?? DEFAULT_KEEP_BYTES;
    this.origin = options.origin;
  }

  /** The chunk must not be written to afterwards: small objects are hashed again from their chunks. */
  push(chunk: Uint8Array): void {
    this.hash.update(chunk);
    this.boxes.push(chunk);
    this.sizeBytes += chunk.length;
    if (this.sizeBytes <= this.keepBytes) {
      this.chunks.push(chunk);
    } else {
      this.chunks = [];
    }
  }

  /** Throws what is wrong with the object, by the codes of segments. */
  finish(): ObjectFindings {
    const index = readObjectIndex(this.boxes.finish(), this.sizeBytes, this.origin);
    const leafEnds = leafCuts(index);
    const leaves = this.sizeBytes <= this.keepBytes ? hashLeaves(leafEnds, this.chunks) : undefined;
    return {
      sizeBytes: this.sizeBytes,
      sha256: this.hash.digest('hex'),
      index,
      leafEnds,
      ...(leaves === undefined ? {} : { leaves }),
    };
  }
}

function hashLeaves(ends: readonly number[], chunks: readonly Uint8Array[]): readonly Leaf[] {
  const hasher = new LeafHasher(ends);
  for (const chunk of chunks) {
    hasher.push(chunk);
  }
  return hasher.finish();
}
