import { createHash, type Hash } from 'node:crypto';
import { packLeaves } from '../index/packed-leaves';
import type { Leaf } from '../index/segment-entry';

/**
 * The digest of a file over its leaves: SHA-256 of each leaf's length (u64, big-endian) and SHA-256, in file order.
 * It stands for the file's bytes and for where its leaves end, and is known without reading the file.
 */
export class TreeDigest {
  private readonly hash: Hash = createHash('sha256');

  add(leaf: Leaf): void {
    this.hash.update(packLeaves([leaf]));
  }

  /** Lower-case hex. */
  finish(): string {
    return this.hash.digest('hex');
  }
}
