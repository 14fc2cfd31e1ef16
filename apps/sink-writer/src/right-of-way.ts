/** How long a chunk of a digest waits at most: so that digests come to an end however many files are written. */
const PATIENCE_MS = 10;

/** Somebody waits for a file, nobody for its digest: while files are written, digests read slowly. */
export class RightOfWay {
  private writing = 0;
  private readonly waiting = new Set<() => void>();

  /** Writes a file, to which digests give way. */
  async write<T>(file: () => Promise<T>): Promise<T> {
    this.writing += 1;
    try {
      return await file();
    } finally {
      this.writing -= 1;
      if (this.writing === 0) {
        this.waiting.forEach((go) => {
          go();
        });
      }
    }
  }

  /** Resolves when no file is written, or after a little while. */
  async giveWay(): Promise<void> {
    if (this.writing === 0) {
      return;
    }
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(patience);
        this.waiting.delete(go);
        resolve();
      };
      const patience = setTimeout(go, PATIENCE_MS);
      this.waiting.add(go);
    });
  }
}
