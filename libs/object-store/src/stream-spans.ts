import { Readable } from 'node:stream';
import type { Span } from '@clipmesh/media';
import type { Abortable } from './object-ref';
import type { ObjectStore } from './object-store';
import { sourceOf, type SourceObject } from './upload/part-source';

type SpanBody = Promise<Readable>;

/**
 * The bytes of a laid-out file, in order, from wherever they lie: what is written to an encoder's input or to a
 * client. Pull-driven; one read is opened ahead of the one that is consumed, and none is left open at an early end.
 */
export async function* streamSpans(
  store: ObjectStore,
  spans: readonly Span[],
  objects: readonly SourceObject[],
  options: Abortable = {},
): AsyncGenerator<Uint8Array> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  let ahead: SpanBody | undefined;
  try {
    for (const [index, span] of spans.entries()) {
      const current: SpanBody = ahead ?? openSpan(store, span, objects, signal);
      const next = spans[index + 1];
      ahead = next === undefined ? undefined : openSpan(store, next, objects, signal);
      // Who consumes it meets the failure; until then it must not end the process.
      ahead?.then(
        (body) => body.on('error', () => undefined),
        () => undefined,
      );
      // A byte stream yields buffers, which are Uint8Arrays.
      yield* (await current) as AsyncIterable<Uint8Array>;
    }
  } finally {
    stop.abort();
    await ahead?.then(
      (body) => body.destroy(),
      () => undefined,
    );
  }
}

async function openSpan(
  store: ObjectStore,
  span: Span,
  objects: readonly SourceObject[],
  signal: AbortSignal,
): SpanBody {
  if (span.kind === 'inline') {
    return Readable.from([span.bytes]);
  }
  const { ref, etag } = sourceOf(objects, span.object);
  const range = { offset: span.offset, length: span.length };
  return store.read(ref, { range, ifMatch: etag, signal });
}
