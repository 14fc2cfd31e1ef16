import type { TaskStage } from '@clipmesh/pipeline';

/**
 * Every subject of the mesh, once. Names and ids come last and are never encoded: they match
 * `[A-Za-z0-9][A-Za-z0-9_-]{0,63}` or are refused. `docs/messages.md` holds the table; a test keeps the two alike.
 */
export const SUBJECT_ROOT = 'clipmesh.v1';

export type Stage = TaskStage;
export const STAGES = ['plan', 'encode', 'write', 'digest', 'clean'] as const satisfies readonly Stage[];

export type Lane = 'urgent' | 'normal' | 'bulk';
export const LANES = ['urgent', 'normal', 'bulk'] as const satisfies readonly Lane[];

/** Request and reply, plain JSON. */
export const REQUESTS = {
  topologiesPut: `${SUBJECT_ROOT}.topologies.put`,
  topologiesGet: `${SUBJECT_ROOT}.topologies.get`,
  topologiesList: `${SUBJECT_ROOT}.topologies.list`,
  topologiesPatch: `${SUBJECT_ROOT}.topologies.patch`,
  topologiesDelete: `${SUBJECT_ROOT}.topologies.delete`,
  /** Topology and parameter values to a resolved pipeline. */
  topologiesResolve: `${SUBJECT_ROOT}.topologies.resolve`,
  jobsPut: `${SUBJECT_ROOT}.jobs.put`,
  jobsGet: `${SUBJECT_ROOT}.jobs.get`,
  jobsList: `${SUBJECT_ROOT}.jobs.list`,
  jobsPatch: `${SUBJECT_ROOT}.jobs.patch`,
  jobsCancel: `${SUBJECT_ROOT}.jobs.cancel`,
  jobsDelete: `${SUBJECT_ROOT}.jobs.delete`,
  /** What a job would deliver, from the index alone; nothing is stored. */
  jobsEstimate: `${SUBJECT_ROOT}.jobs.estimate`,
  videosPut: `${SUBJECT_ROOT}.videos.put`,
  videosGet: `${SUBJECT_ROOT}.videos.get`,
  videosList: `${SUBJECT_ROOT}.videos.list`,
  videosPatch: `${SUBJECT_ROOT}.videos.patch`,
  videosDelete: `${SUBJECT_ROOT}.videos.delete`,
  /** Makes a job's reserved output video visible; repeatable by job id. */
  videosPublish: `${SUBJECT_ROOT}.videos.publish`,
  /** Gives up a job's holds and, unless it was published, its reserved output video; repeatable. */
  videosRelease: `${SUBJECT_ROOT}.videos.release`,
  /** Notes the SHA-256 of a published file. */
  videosDigested: `${SUBJECT_ROOT}.videos.digested`,
  archiveCoverage: `${SUBJECT_ROOT}.archive.coverage`,
  archiveScan: `${SUBJECT_ROOT}.archive.scan`,
  /** The same of a pipeline that is resolved already. */
  archiveEstimate: `${SUBJECT_ROOT}.archive.estimate`,
  workersList: `${SUBJECT_ROOT}.workers.list`,
} as const;

/** A recorder's event: one finished segment. Stream SEGMENTS. */
export const segmentSubject = (video: string): string => `${SUBJECT_ROOT}.segments.${video}`;
/** One unit of work. Stream WORK. */
export const workSubject = (stage: Stage, lane: Lane, jobId: string, task: string, epoch: number): string =>
  `${SUBJECT_ROOT}.work.${stage}.${lane}.${jobId}.${task}.${String(epoch)}`;
/** A hint that a task has moved; the record is the truth. Stream RESULTS. */
export const resultSubject = (stage: Stage, jobId: string, task: string, epoch: number): string =>
  `${SUBJECT_ROOT}.results.${stage}.${jobId}.${task}.${String(epoch)}`;
/** A change of state. Stream EVENTS. */
export const eventSubject = (kind: EventKind, id: string, type: string): string =>
  `${SUBJECT_ROOT}.events.${kind}.${id}.${type}`;
/** Core NATS, may be lost: how far a job is. */
export const progressSubject = (jobId: string): string => `${SUBJECT_ROOT}.progress.${jobId}`;
/** Core NATS, may be lost: how far an encode task is; the scheduler makes the job's progress of it. */
export const partProgressSubject = (jobId: string): string => `${SUBJECT_ROOT}.control.part.${jobId}`;
/** Core NATS, may be lost: stop work on a job. The job record is the truth. */
export const cancelSubject = (jobId: string): string => `${SUBJECT_ROOT}.control.cancel.${jobId}`;
/** A segment event that was refused, with its reason. Stream DEAD. */
export const refusedSubject = (video: string): string => `${SUBJECT_ROOT}.refused.segments.${video}`;
/** Work that was given up, with its last error. Stream DEAD. */
export const deadSubject = (stage: Stage, jobId: string, task: string): string =>
  `${SUBJECT_ROOT}.dead.${stage}.${jobId}.${task}`;

export type EventKind = 'job' | 'video' | 'topology' | 'segment';

/** Names of topologies, jobs, videos and nodes; compared exactly, never encoded. */
export { NAME_PATTERN } from '@clipmesh/pipeline';
