import { createHash } from 'node:crypto';
import { ExportError } from '@clipmesh/errors';
import type { Leaf } from './segment-entry';

/** Hashes the leaves of an object as its bytes stream past, in pieces of any size. */
export class LeafHasher {
  private readonly leaves: Leaf[] = [];
  private hash = createHash('sha256');
  private leafStart = 0;
  private position = 0;

  /** `ends` as `leafCuts` gives them. */
  constructor(private readonly ends: readonly number[]) {}

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      const end = this.ends[this.leaves.length];
      if (end === undefined) {
        throw this.sizeDiffers(this.position + rest.length);
      }
      const taken = rest.subarray(0, end - this.position);
      this.hash.update(taken);
      this.position += taken.length;
      rest = rest.subarray(taken.length);
      if (this.position === end) {
        this.leaves.push({ length: end - this.leafStart, sha256: this.hash.digest() });
        this.hash = createHash('sha256');
        this.leafStart = end;
      }
    }
  }

  /** The leaves, once all bytes have been pushed. */
  finish(): Leaf[] {
    if (this.leaves.length !== this.ends.length) {
      throw this.sizeDiffers(this.position);
    }
    return this.leaves;
  }

  private sizeDiffers(sizeBytes: number): ExportError {
    const expected = this.ends.at(-1) ?? 0;
    return new ExportError('SourceChanged', {
      message: `expected an object of ${expected} bytes, got ${sizeBytes}`,
      details: { expected, sizeBytes },
    });
  }
}
