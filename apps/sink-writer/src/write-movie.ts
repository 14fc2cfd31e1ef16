import type { StoredObject } from '@clipmesh/contracts';
import { ExportError, type ErrorCode } from '@clipmesh/errors';
import { materialise, type Abortable, type ObjectRef, type ObjectStore } from '@clipmesh/object-store';
import { checkBothEnds } from './decode-check';
import { findLeftover, type Leftover } from './leftover';
import { verifyFile } from './verify-file';
import type { WrittenMovie } from './written-movie';

export interface MoviePlaces {
  readonly target: ObjectRef;
  /** Where earlier claims of the same task wrote the same movie, the latest first. */
  readonly earlier: readonly ObjectRef[];
}

export interface WriteMovieOptions extends Abortable {
  /** Told after each part how many bytes of the file are in place. */
  readonly onProgress?: (doneBytes: number) => void;
}

/** Looks for leftovers: an upload that went away was completed by the claim before, whose file is found then. */
const LOOKS = 2;

/**
 * Writes one laid-out movie and checks it as it stands in the store. Goes on with what an earlier claim left, which
 * is the same bytes in the same parts, and then the file lies where that claim began it.
 *
 * Nothing is aborted or removed here, whatever happens: another claim may be at work on the same upload, an earlier
 * one that was only paused, or the next. The job's clean-up removes what is not the export.
 */
export async function writeMovie(
  store: ObjectStore,
  { target, earlier }: MoviePlaces,
  written: WrittenMovie,
  options: WriteMovieOptions,
): Promise<StoredObject> {
  const { signal } = options;
  for (let look = 0; look < LOOKS; look++) {
    const leftover = await findLeftover(store, earlier, written.layout.sizeBytes, { signal });
    const file = leftover && (await goOnWith(store, leftover, written, options));
    if (file !== undefined) {
      return file;
    }
  }
  return check(store, await fill(store, target, written, options), written, options);
}

/** Nothing when the leftover is of no use after all. */
async function goOnWith(
  store: ObjectStore,
  leftover: Leftover,
  written: WrittenMovie,
  options: WriteMovieOptions,
): Promise<StoredObject | undefined> {
  try {
    const file =
      leftover.kind === 'file'
        ? leftover.file
        : await fill(store, leftover.upload, written, { ...options, resume: leftover.upload.uploadId });
    return await check(store, file, written, options);
  } catch (error) {
    if (error instanceof ExportError && USELESS.has(error.code)) {
      return undefined;
    }
    throw error;
  }
}

/** Other bytes than ours; or the upload has ended while we were at it. */
const USELESS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ObjectExists',
  'ObjectMissing',
  'OutputInvalid',
]);

async function fill(
  store: ObjectStore,
  { bucket, key }: ObjectRef,
  { layout, objects }: WrittenMovie,
  options: WriteMovieOptions & { readonly resume?: string },
): Promise<StoredObject> {
  const stored = await materialise(store, { bucket, key }, layout.spans, objects, {
    ...options,
    contentType: 'video/mp4',
    onFailure: 'keep',
  });
  return { bucket, key, ...stored };
}

async function check(
  store: ObjectStore,
  file: StoredObject,
  written: WrittenMovie,
  { signal }: Abortable,
): Promise<StoredObject> {
  await verifyFile(store, file, written, { signal });
  if (written.plan.edges === 'exact' || written.plan.edges === 'smart') {
    await checkBothEnds(store, written.plan, { signal });
  }
  return file;
}
