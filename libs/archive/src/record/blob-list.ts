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
    const number = this.addOnce(blob);
    this.numbers.set(blob, number);
    return number;
  }

  /** Of a blob that nobody gives again: a day has tens of thousands, which need not be remembered. */
  addOnce(blob: Uint8Array): number {
    return this.blobs.push(blob) - 1;
  }
}
