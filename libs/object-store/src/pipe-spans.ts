import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Span } from '@clipmesh/media';
import type { ObjectStore } from './object-store';
import { sourceOf, type SourceObject } from './upload/part-source';

export interface PipeOptions {
  readonly signal: AbortSignal;
  /** Bodies opened before their turn, so that the store's latency is not waited for at each; each may hold a quarter of a MiB. */
  readonly readAhead?: number;
}

type Source = { readonly bytes: Uint8Array } | { readonly body: Promise<Readable> };

const READ_AHEAD = 2;

/**
 * Writes the bytes of spans, in order, as fast as the target takes them: what it does not take is not read from the store.
 * The target is not ended. Rejects when a source or the target fails, or the signal aborts; no body is open then.
 */
export async function pipeSpans(
  store: ObjectStore,
  spans: readonly Span[],
  objects: readonly SourceObject[],
  target: Writable,
  options: PipeOptions,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  const ahead: Source[] = [];
  try {
    let next = 0;
    while (next < spans.length || ahead.length > 0) {
      for (; next < spans.length && ahead.length <= (options.readAhead ?? READ_AHEAD); next++) {
        const span = spans[next];
        if (span !== undefined) {
          ahead.push(open(store, span, objects, signal));
        }
      }
      const source = ahead.shift();
      if (source !== undefined) {
        await write(source, target, signal);
      }
    }
  } finally {
    stop.abort();
    await Promise.allSettled(ahead.flatMap((source) => ('body' in source ? [source.body] : [])));
  }
}

function open(store: ObjectStore, span: Span, objects: readonly SourceObject[], signal: AbortSignal): Source {
  if (span.kind === 'inline') {
    return { bytes: span.bytes };
  }
  const { ref, etag } = sourceOf(objects, span.object);
  const { offset, length } = span;
  const body = store.read(ref, { range: { offset, length }, ifMatch: etag, signal });
  // Who writes it meets the failure; until then it must not end the process.
  body.then(
    (opened) => opened.on('error', () => undefined),
    () => undefined,
  );
  return { body };
}

async function write(source: Source, target: Writable, signal: AbortSignal): Promise<void> {
  if ('bytes' in source) {
    if (!target.write(source.bytes)) {
      await once(target, 'drain', { signal });
    }
    return;
  }
  const body = await source.body;
  // A target that goes away drains no more: the caller's signal tells of it, and destroys the body.
  body.pipe(target, { end: false });
  await finished(body);
}
