import type { Span } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { Abortable, ObjectRef } from '../object-ref';
import type { ObjectStore } from '../object-store';
import { sizeOf } from './span-bytes';

/** An object that spans point into, pinned to the ETag that they were computed from. */
export interface SourceObject {
  readonly ref: ObjectRef;
  readonly etag: string;
}

/** A plan's objects as spans' sources, in the same order. */
export function sourceObjects(objects: readonly (ObjectRef & { readonly etag: string })[]): SourceObject[] {
  return objects.map(({ bucket, key, etag }) => ({ ref: { bucket, key }, etag }));
}

export function sourceOf(objects: readonly SourceObject[], index: number): SourceObject {
  const source = objects[index];
  if (source === undefined) {
    throw new ExportError('InternalError', {
      message: `a span points at object ${index}, and there are ${objects.length}`,
    });
  }
  return source;
}

/** Fills a buffer with pieces, one after another, fetched side by side. */
export async function fetchPieces(
  target: Buffer,
  store: ObjectStore,
  pieces: readonly Span[],
  objects: readonly SourceObject[],
  options: Abortable,
): Promise<void> {
  let at = 0;
  const fills: Promise<void>[] = [];
  for (const piece of pieces) {
    const place = target.subarray(at, at + sizeOf(piece));
    at += place.length;
    fills.push(fill(place, store, piece, objects, options));
  }
  await Promise.all(fills);
}

async function fill(
  place: Buffer,
  store: ObjectStore,
  piece: Span,
  objects: readonly SourceObject[],
  options: Abortable,
): Promise<void> {
  if (piece.kind === 'inline') {
    place.set(piece.bytes);
    return;
  }
  const { ref, etag } = sourceOf(objects, piece.object);
  await store.readInto(place, ref, { ...options, offset: piece.offset, ifMatch: etag });
}
