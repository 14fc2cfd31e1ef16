/** The blobs of a record while it is written. The same array given again is kept once. */
export class BlobList {
  readonly blobs: Uint8Array[] = [];
  private readonly numbers = new Map<Uint8Array, number>();

  /** Number of the blob, for the header. */
  add(blob: Uint8Array): number {
    const known = this.numbers.get(blob);
    if (known !== undefined) {
      return known;
    }
    this.blobs.push(blob);
    this.numbers.set(blob, this.blobs.length - 1);
    return this.blobs.length - 1;
  }
}
