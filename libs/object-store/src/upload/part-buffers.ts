/**
 * Memory for parts that pass through this process, used again and again: allocating a gigabyte in pieces of some
 * mebibytes costs more than filling them. As many are made as parts are in flight.
 */
export class PartBuffers {
  private readonly spare: Buffer[] = [];

  constructor(private readonly bufferBytes: number) {}

  /** Lends a buffer to a task; it must not be used afterwards. */
  async lend<T>(task: (buffer: Buffer) => Promise<T>): Promise<T> {
    const buffer = this.spare.pop() ?? Buffer.allocUnsafeSlow(this.bufferBytes);
    const result = await task(buffer);
    // Only after a success: what failed may still be under way somewhere.
    this.spare.push(buffer);
    return result;
  }
}
