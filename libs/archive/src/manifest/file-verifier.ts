import { createHash, type Hash } from 'node:crypto';
import { ExportError } from '@clipmesh/errors';
import type { Manifest } from './manifest';
import { TreeDigest } from './tree-digest';

/** Checks the bytes of a file against its manifest as they stream past; refuses at the first leaf that differs. */
export class FileVerifier {
  private hash: Hash = createHash('sha256');
  private readonly whole: Hash = createHash('sha256');
  private readonly tree = new TreeDigest();
  private leaf = 0;
  private position = 0;
  private leafStart = 0;

  constructor(private readonly manifest: Pick<Manifest, 'leaves' | 'treeDigest'>) {}

  push(chunk: Uint8Array): void {
    this.whole.update(chunk);
    let rest = chunk;
    while (rest.length > 0) {
      const length = this.manifest.leaves[this.leaf]?.[0];
      if (length === undefined) {
        throw this.differs(`the file is longer than the ${this.position} bytes of its manifest`);
      }
      const taken = rest.subarray(0, this.leafStart + length - this.position);
      this.hash.update(taken);
      this.position += taken.length;
      rest = rest.subarray(taken.length);
      if (this.position === this.leafStart + length) {
        this.endLeaf(length);
      }
    }
  }

  /** SHA-256 of the whole file in lower-case hex, when every leaf was right. */
  finish(): string {
    const { leaves, treeDigest } = this.manifest;
    if (this.leaf !== leaves.length) {
      throw this.differs(
        `the file ends at byte ${this.position}, in leaf ${this.leaf + 1} of ${leaves.length}`,
      );
    }
    if (this.tree.finish() !== treeDigest) {
      throw this.differs('the leaves of the manifest are not those of its tree digest');
    }
    return this.whole.digest('hex');
  }

  private endLeaf(length: number): void {
    const sha256 = this.hash.digest();
    if (sha256.toString('hex') !== this.manifest.leaves[this.leaf]?.[1]) {
      throw this.differs(`bytes ${this.leafStart} to ${this.position} are not those of the manifest`);
    }
    this.tree.add({ length, sha256 });
    this.leaf += 1;
    this.leafStart = this.position;
    this.hash = createHash('sha256');
  }

  private differs(message: string): ExportError {
    return new ExportError('OutputInvalid', {
      message,
      details: { leaf: this.leaf, leafStart: this.leafStart, position: this.position },
    });
  }
}
