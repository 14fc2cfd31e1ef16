import { Readable } from 'node:stream';

/**
 * What a process writes, ended only when the process has ended well: who takes it for whole at its end may rely on it.
 * When the verdict is a failure, the output fails with it.
 */
export function honestOutput(stdout: Readable, verdict: Promise<void>): Readable {
  async function* untilVerdict(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of stdout) {
        yield chunk as Buffer; // no encoding is set, so a pipe yields buffers
      }
    } finally {
      stdout.destroy();
    }
    await verdict;
  }
  return Readable.from(untilVerdict(), { objectMode: false });
}
