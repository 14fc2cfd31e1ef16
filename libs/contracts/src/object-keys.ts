import type { Stage } from './subjects';

/**
 * Keys of all objects that the mesh itself writes. Ids, never names, so that a name used again
 * does not meet its old self. `claim` counts the claims of a task: no two of them begin an object under the same key.
 */

/** Bucket `index`. */
export const indexObjectKey = (videoId: string, hour: number, sha256: string): string =>
  `${videoId}/${String(hour)}/${sha256}.cmx`;
export const indexPrefix = (videoId: string): string => `${videoId}/`;

/** Bucket `work`: everything that a job leaves behind while it runs. */
export const scratchPrefix = (jobId: string): string => `${jobId}/`;
export const taskScratchPrefix = (jobId: string, stage: Stage, task: string, claim: number): string =>
  `${scratchPrefix(jobId)}${stage}-${task}/${String(claim)}/`;

/** Bucket `work`: one window of a movie, encoded. */
export const partKey = (jobId: string, task: string, claim: number, part: number): string =>
  `${taskScratchPrefix(jobId, 'encode', task, claim)}part-${String(part)}.mp4`;

/** Bucket `exports`. */
export const exportPrefix = (jobId: string): string => `${jobId}/`;
export const exportKey = (jobId: string, claim: number): string =>
  `${exportPrefix(jobId)}${String(claim)}/export.mp4`;
export const manifestKey = (jobId: string, claim: number): string =>
  `${exportPrefix(jobId)}${String(claim)}/manifest.json`;

const MP4_COPY = '.clipmesh.mp4';

/** Bucket `archive`: the MP4 that was made of a segment in another container, beside it. */
export const mp4CopyKey = (originalKey: string): string => `${originalKey}${MP4_COPY}`;
/** Of which object a key is the MP4 copy; `undefined` for all other keys. */
export const originalOfMp4Copy = (key: string): string | undefined =>
  key.endsWith(MP4_COPY) ? key.slice(0, -MP4_COPY.length) : undefined;
