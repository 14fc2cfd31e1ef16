import { ExportError } from '@clipmesh/errors';

/**
 * Facts of the files of one job, in order. Nearly every job makes one file; with `onConfigChange: 'split'` it makes one
 * for each configuration of the camera (ADR-0021), and those behind the first stand in `further`.
 */
export type Files<T extends object> = T & { readonly further?: readonly T[] };

/** All files, the first without its `further`. */
export function listFiles<T extends object>(files: Files<T>): readonly T[] {
  const first: Files<T> & { further?: readonly T[] } = { ...files };
  const further = first.further ?? [];
  delete first.further;
  return [first, ...further];
}

/** The opposite of {@link listFiles}. */
export function asFiles<T extends object>(files: readonly T[]): Files<T> {
  const [first, ...further] = files;
  if (first === undefined) {
    throw new ExportError('InternalError', { message: 'a job has no file at all' });
  }
  return further.length === 0 ? first : { ...first, further };
}

/** Name of the video that a job's file becomes: the sink's own, then `<name>-2`, `<name>-3` and so on. */
export function outputVideoName(videoName: string, index: number): string {
  return index === 0 ? videoName : `${videoName}-${String(index + 1)}`;
}
