import { BoundedTasks } from '../bounded';
import type { UploadedPart, UploadRef } from '../multipart';
import type { Abortable } from '../object-ref';
import type { ObjectStore } from '../object-store';
import { keptEtags } from './open-upload';
import { PartBuffers } from './part-buffers';
import { fetchPieces, sourceOf, type SourceObject } from './part-source';
import type { CopiedPart, PlannedPart, UploadedSpans } from './planned-part';

export interface FillOptions extends Abortable {
  /** Parts that the store copies, in flight at a time; measured best on two cores. Default 4. */
  readonly copiesInFlight?: number;
  /** Parts whose bytes pass through this process, in flight at a time: each is held whole. Default: up to 3. */
  readonly uploadsInFlight?: number;
  /** Told after each part how many bytes of the file are in place. */
  readonly onProgress?: (doneBytes: number) => void;
}

export interface FilledPart {
  /** 1-based, as in S3. */
  readonly partNumber: number;
  readonly etag: string;
}

/** Where parts go, and where their bytes come from. */
export interface FillPlace {
  readonly store: ObjectStore;
  readonly upload: UploadRef;
  readonly objects: readonly SourceObject[];
}

const COPIES_IN_FLIGHT = 4;
const UPLOADS_IN_FLIGHT = 3;
/** Parts are larger than usual only when there would be too many of them; then fewer are held at a time. */
const UPLOAD_MEMORY_BYTES = 32 * 1024 * 1024;

/** Stores the parts that an upload lacks, copies and uploads side by side. */
export async function fillUpload(
  place: FillPlace,
  parts: readonly PlannedPart[],
  stored: readonly UploadedPart[],
  options: FillOptions,
): Promise<FilledPart[]> {
  const etags = keptEtags(parts, stored);
  let doneBytes = parts.reduce((sum, part, at) => sum + (etags[at] === undefined ? 0 : part.length), 0);
  const bufferBytes = largestUpload(parts);
  const uploads = new BoundedTasks(options.uploadsInFlight ?? uploadsFor(bufferBytes), options.signal);
  const copies = new BoundedTasks(options.copiesInFlight ?? COPIES_IN_FLIGHT, options.signal);
  const buffers = new PartBuffers(bufferBytes);
  const fill = async (lane: BoundedTasks, kind: PlannedPart['kind']) => {
    for (const [index, part] of parts.entries()) {
      if (part.kind === kind && etags[index] === undefined) {
        await lane.add(async (signal) => {
          etags[index] = await storePart(place, index + 1, part, buffers, signal);
          doneBytes += part.length;
          options.onProgress?.(doneBytes);
        });
      }
    }
    await lane.end();
  };
  const bothLanes = [fill(copies, 'copy'), fill(uploads, 'upload')];
  try {
    await Promise.all(bothLanes);
  } catch (error) {
    await Promise.all([copies.cancel(error), uploads.cancel(error)]);
    await Promise.allSettled(bothLanes);
    throw error;
  }
  return etags.map((etag, index) => ({ partNumber: index + 1, etag: etag ?? '' }));
}

function largestUpload(parts: readonly PlannedPart[]): number {
  return parts.reduce((most, part) => (part.kind === 'upload' ? Math.max(most, part.length) : most), 0);
}

function uploadsFor(partBytes: number): number {
  return Math.max(1, Math.min(UPLOADS_IN_FLIGHT, Math.floor(UPLOAD_MEMORY_BYTES / partBytes)));
}

async function storePart(
  place: FillPlace,
  partNumber: number,
  part: PlannedPart,
  buffers: PartBuffers,
  signal: AbortSignal,
): Promise<string> {
  return part.kind === 'copy'
    ? copyPart(place, partNumber, part, signal)
    : buffers.lend((buffer) => uploadPart(place, partNumber, part, buffer, signal));
}

async function copyPart(
  { store, upload, objects }: FillPlace,
  partNumber: number,
  { object, offset, length }: CopiedPart,
  signal: AbortSignal,
): Promise<string> {
  const { ref, etag } = sourceOf(objects, object);
  return store.copyPart(upload, partNumber, { ref, ifMatch: etag, offset, length }, { signal });
}

async function uploadPart(
  { store, upload, objects }: FillPlace,
  partNumber: number,
  { pieces, length }: UploadedSpans,
  buffer: Buffer,
  signal: AbortSignal,
): Promise<string> {
  const bytes = buffer.subarray(0, length);
  await fetchPieces(bytes, store, pieces, objects, { signal });
  return store.uploadPart(upload, partNumber, bytes, { signal });
}
