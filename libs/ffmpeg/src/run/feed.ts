import type { Writable } from 'node:stream';

/**
 * Writes the input as fast as ffmpeg reads it. ffmpeg may have enough early, or die: a closed pipe is no error here,
 * how ffmpeg ended tells whether that was right; and a source that stands still does not hold up the end.
 */
export async function feed(stdin: Writable, input: AsyncIterable<Uint8Array>): Promise<void> {
  const closed = new Promise<'closed'>((resolve) => {
    stdin.once('close', () => {
      resolve('closed');
    });
  });
  stdin.on('error', () => stdin.destroy());
  const source = input[Symbol.asyncIterator]();
  let isDone = false;
  try {
    while (!stdin.destroyed) {
      const next = await Promise.race([source.next(), closed]);
      if (next === 'closed') {
        return;
      }
      if (next.done === true) {
        isDone = true;
        stdin.end();
        return;
      }
      if (!stdin.write(next.value)) {
        await Promise.race([new Promise((resolve) => stdin.once('drain', resolve)), closed]);
      }
    }
  } finally {
    if (!isDone) {
      // Not awaited: a source that stands still would not answer this either.
      void source.return?.().catch(() => undefined);
    }
  }
}
