import type { Stage } from './subjects';

/**
 * Keys of all objects that the mesh itself writes. Ids, never names, so that a name used again
 * does not meet its old self. `claim` counts the claims of a task: no two of them begin an object under the same key.
 */

/** A task, and which of its claims. */
export interface TaskClaim {
  readonly jobId: string;
  readonly stage: Stage;
  readonly task: string;
  readonly claim: number;
}

/** Bucket `index`. */
export const indexObjectKey = (videoId: string, hour: number, sha256: string): string =>
  `${videoId}/${String(hour)}/${sha256}.cmx`;
export const indexPrefix = (videoId: string): string => `${videoId}/`;

/** Bucket `work`: everything that a job leaves behind while it runs. */
export const scratchPrefix = (jobId: string): string => `${jobId}/`;
export const taskScratchPrefix = (jobId: string, stage: Stage, task: string, claim: number): string =>
  `${scratchPrefix(jobId)}${stage}-${task}/${String(claim)}/`;

/** Bucket `work`: the plan of one of a job's files, counted from 0. */
export const planKey = (task: TaskClaim, file = 0): string =>
  `${taskScratchPrefix(task.jobId, task.stage, task.task, task.claim)}plan${numbered(file)}.cmp`;

/** Bucket `work`: what an encode task writes, counted from 0, and the index of all that. */
export const partKey = ({ jobId, stage, task, claim }: TaskClaim, piece: number): string =>
  `${taskScratchPrefix(jobId, stage, task, claim)}piece-${String(piece)}.mp4`;
export const partIndexKey = ({ jobId, stage, task, claim }: TaskClaim): string =>
  `${taskScratchPrefix(jobId, stage, task, claim)}pieces.cmx`;

/** Bucket `exports`. `file` counts the files of a job from 0. */
export const exportPrefix = (jobId: string): string => `${jobId}/`;
export const exportKey = (jobId: string, claim: number, file = 0): string =>
  `${exportPrefix(jobId)}${String(claim)}/export${numbered(file)}.mp4`;
export const manifestKey = (jobId: string, claim: number, file = 0): string =>
  `${exportPrefix(jobId)}${String(claim)}/manifest${numbered(file)}.json`;

const numbered = (file: number): string => (file === 0 ? '' : `-${String(file + 1)}`);

const MP4_COPY = '.clipmesh.mp4';

/** Bucket `archive`: the MP4 that was made of a segment in another container, beside it. */
export const mp4CopyKey = (originalKey: string): string => `${originalKey}${MP4_COPY}`;
/** Of which object a key is the MP4 copy; `undefined` for all other keys. */
export const originalOfMp4Copy = (key: string): string | undefined =>
  key.endsWith(MP4_COPY) ? key.slice(0, -MP4_COPY.length) : undefined;
