/** A part's bytes, and whether the source ended with it. */
export interface PartBytes {
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/**
 * Collects a source's chunks into parts of exactly `partBytes` (the last one may be shorter). One chunk is looked
 * ahead, so that a source of exactly one part is known to be whole.
 */
export async function* partsOf(
  source: AsyncIterable<Uint8Array>,
  partBytes: number,
  signal: AbortSignal,
): AsyncGenerator<PartBytes> {
  let part = Buffer.allocUnsafe(partBytes);
  let filled = 0;
  for await (const chunk of abortable(source, signal)) {
    let taken = 0;
    while (taken < chunk.length) {
      if (filled === partBytes) {
        yield { bytes: part, isLast: false };
        part = Buffer.allocUnsafe(partBytes);
        filled = 0;
      }
      const count = Math.min(partBytes - filled, chunk.length - taken);
      part.set(chunk.subarray(taken, taken + count), filled);
      filled += count;
      taken += count;
    }
  }
  if (filled > 0) {
    yield { bytes: part.subarray(0, filled), isLast: true };
  }
}

/** The same chunks, given up with the signal's reason even while the source stands still. */
export async function* abortable<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let give: (reason: Error) => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => (give = reject));
  aborted.catch(() => undefined); // it is only ever raced
  const onAbort = () => {
    give(signal.reason as Error); // AbortSignal types its reason as any; ours are errors
  };
  signal.addEventListener('abort', onAbort, { once: true });
  let isDone = false;
  try {
    signal.throwIfAborted();
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done === true) {
        isDone = true;
        return;
      }
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!isDone) {
      // Not awaited: a source that stands still would not answer this either.
      void iterator.return?.().catch(() => undefined);
    }
  }
}
