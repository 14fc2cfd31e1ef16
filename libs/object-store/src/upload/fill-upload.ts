import { BoundedTasks } from '../bounded';
import type { UploadedPart, UploadRef } from '../multipart';
import type { Abortable } from '../object-ref';
import type { ObjectStore } from '../object-store';
import { keptEtags } from './open-upload';
import { PartBuffers } from './part-buffers';
import { fetchPieces, sourceOf, type SourceObject } from './part-source';
import type { CopiedPart, PlannedPart, UploadedSpans } from './planned-part';

export interface FillOptions extends Abortable {
  /** Parts that the store copies, in flight at a time. Default 4. */
  readonly copiesInFlight?: number;
  /** Parts whose bytes pass through this process, in flight at a time: each holds 5 to 10 MiB. Default 2. */
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

/** Stores the parts that an upload lacks, copies and uploads side by side. */
export async function fillUpload(
  place: FillPlace,
  parts: readonly PlannedPart[],
  stored: readonly UploadedPart[],
  options: FillOptions,
): Promise<FilledPart[]> {
  const etags = keptEtags(parts, stored);
  let doneBytes = parts.reduce((sum, part, at) => sum + (etags[at] === undefined ? 0 : part.length), 0);
  const uploads = new BoundedTasks(options.uploadsInFlight ?? 2, options.signal);
  const copies = new BoundedTasks(options.copiesInFlight ?? 4, options.signal);
  const buffers = new PartBuffers(largestUpload(parts));
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
