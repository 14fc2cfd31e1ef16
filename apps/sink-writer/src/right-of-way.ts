/** How long a digest waits at most, and how many chunks it may then read: it comes to an end however many files are written. */
const PATIENCE_MS = 100;
const CHUNKS_AFTER_WAITING = 16;

/** Somebody waits for a file, nobody for its digest: while files are written, digests read slowly. */
export class RightOfWay {
  private writing = 0;
  private chunksLeft = 0;
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

  /** For each chunk: resolves when no file is written, or after a little while. */
  async giveWay(): Promise<void> {
    if (this.writing === 0) {
      return;
    }
    if (this.chunksLeft > 0) {
      this.chunksLeft -= 1;
      return;
    }
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(patience);
        this.waiting.delete(go);
        resolve();
      };
      const patience = setTimeout(() => {
        this.chunksLeft = CHUNKS_AFTER_WAITING;
        go();
      }, PATIENCE_MS);
      this.waiting.add(go);
    });
  }
}
