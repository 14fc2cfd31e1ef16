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

/** The bytes of a part that passes through this process, its pieces fetched side by side into one buffer. */
export async function bytesOfPieces(
  store: ObjectStore,
  pieces: readonly Span[],
  objects: readonly SourceObject[],
  options: Abortable,
): Promise<Uint8Array> {
  const [only] = pieces;
  if (pieces.length === 1 && only?.kind === 'inline') {
    return only.bytes;
  }
  const bytes = Buffer.allocUnsafe(pieces.reduce((sum, piece) => sum + sizeOf(piece), 0));
  let at = 0;
  const fills: Promise<void>[] = [];
  for (const piece of pieces) {
    const place = bytes.subarray(at, at + sizeOf(piece));
    at += place.length;
    fills.push(fill(place, store, piece, objects, options));
  }
  await Promise.all(fills);
  return bytes;
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
