import { wallTime, type WallTime } from '@clipmesh/media';
import type { ErrorCode } from '@clipmesh/errors';
import { dutiesOf, type JobEffect } from './job-effects';
import type { JobState } from './job-state';
import { isFinal, JOB_TRANSITIONS, type JobEvent } from './job-transitions';
import { follow } from './transition-table';

/** What the transitions need of a job's record. The stored record has more members; they travel along untouched. */
export interface Job {
  readonly state: JobState;
  readonly lastModifiedAtMs: WallTime;
  readonly cleaned?: boolean;
  /** With a feed it goes through encoders. */
  readonly planned?: { readonly feed?: unknown };
  readonly encoded?: unknown;
  readonly written?: DigestedFile & { readonly further?: readonly DigestedFile[] };
}

interface DigestedFile {
  readonly sha256?: string;
}

/** Why an event does not count: a value, not a failure, because duplicates are normal with redelivery. */
export type JobRefusal = 'job-is-final' | 'job-is-committed' | 'job-is-canceling' | 'event-not-expected';

/** The changed record with what has to be made real once it is saved, or why there is none. */
export type JobChange<J extends Job> =
  { readonly job: J; readonly effects: readonly JobEffect[] } | { readonly refused: JobRefusal };

/** The end of a job, by whatever way. */
export interface EndFacts {
  /** How long the record of an ended job is kept. */
  readonly retentionMs: number;
}

export interface GiveUpFacts extends EndFacts {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The plan task has been claimed. */
export function claim<J extends Job>(job: J, now: WallTime): JobChange<J> {
  return change(job, 'claimed', now, (moved) => moved);
}

/** The plan is in: on to the encoder, or straight to the sink. */
export function plan<J extends Job>(
  job: J,
  facts: { readonly planned: NonNullable<J['planned']> },
  now: WallTime,
): JobChange<J> {
  const event = facts.planned.feed === undefined ? 'toCopy' : 'toEncode';
  return change(job, event, now, (moved) => ({ ...moved, planned: facts.planned }));
}

/** All media of the job lie in part objects. */
export function recordParts<J extends Job>(
  job: J,
  facts: { readonly encoded: NonNullable<J['encoded']> },
  now: WallTime,
): JobChange<J> {
  return change(job, 'allPartsIn', now, (moved) => ({ ...moved, encoded: facts.encoded }));
}

/** The file is written and verified. Whoever saves this first, a cancel or the commit, has won. */
export function commit<J extends Job>(
  job: J,
  facts: { readonly written: NonNullable<J['written']> },
  now: WallTime,
): JobChange<J> {
  return change(job, 'written', now, (moved) => ({ ...moved, written: facts.written }));
}

/** The video is visible: the job has done what it was asked for. */
export function publish<J extends Job>(job: J, facts: EndFacts, now: WallTime): JobChange<J> {
  return change(job, 'published', now, (moved) => ended(moved, facts, now));
}

/** The job cannot be done. */
export function giveUp<J extends Job>(job: J, facts: GiveUpFacts, now: WallTime): JobChange<J> {
  const { retentionMs, ...why } = facts;
  return change(job, 'gaveUp', now, (moved) => ({
    ...ended(moved, { retentionMs }, now),
    reason: { ...why, atMs: now },
  }));
}

/** Somebody does not want the job any more. */
export function requestCancel<J extends Job>(job: J, now: WallTime): JobChange<J> {
  return change(job, 'cancelRequested', now, (moved) => moved);
}

/** The last trace of a job that is being canceled is gone. The caller has seen to that. */
export function drain<J extends Job>(job: J, facts: EndFacts, now: WallTime): JobChange<J> {
  return change(job, 'drained', now, (moved) => ({ ...ended(moved, facts, now), cleaned: true }));
}

/** Notes that nothing of an ended job is left in scratch and nothing is held for it; no change of state. */
export function noteCleaned<J extends Job>(job: J, now: WallTime): JobChange<J> {
  if (!isFinal(job.state) || job.cleaned === true) {
    return { refused: 'event-not-expected' };
  }
  return { job: { ...job, cleaned: true, lastModifiedAtMs: now }, effects: [] };
}

/** Notes the SHA-256 of each of a completed job's files; no change of state. */
export function noteDigest<J extends Job>(
  job: J,
  facts: { readonly written: NonNullable<J['written']> },
  now: WallTime,
): JobChange<J> {
  if (job.state !== 'completed' || job.written === undefined || job.written.sha256 !== undefined) {
    return { refused: 'event-not-expected' };
  }
  return { job: { ...job, written: facts.written, lastModifiedAtMs: now }, effects: [] };
}

function change<J extends Job>(job: J, event: JobEvent, now: WallTime, fill: (moved: J) => J): JobChange<J> {
  const state = follow(JOB_TRANSITIONS, job.state, event);
  if (state === undefined) {
    return { refused: refusalIn(job.state) };
  }
  const changed = fill({ ...job, state, lastModifiedAtMs: now });
  return { job: changed, effects: dutiesOf(changed) };
}

function refusalIn(state: JobState): JobRefusal {
  if (isFinal(state)) {
    return 'job-is-final';
  }
  if (state === 'publishing') {
    return 'job-is-committed';
  }
  return state === 'canceling' ? 'job-is-canceling' : 'event-not-expected';
}

function ended<J extends Job>(job: J, facts: EndFacts, now: WallTime): J {
  return { ...job, endedAtMs: now, expirationMs: wallTime(now + facts.retentionMs) };
}
