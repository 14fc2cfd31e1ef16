import { wallTime, type WallTime } from '@clipmesh/media';
import type { ErrorCode } from '@clipmesh/errors';
import { follow } from '../job/transition-table';
import type { TaskState } from './task-state';
import { isTaskFinal, TASK_TRANSITIONS, type TaskEvent } from './task-transitions';

/** What the transitions need of a task's record; further members travel along untouched. */
export interface Task {
  readonly state: TaskState;
  readonly epoch: number;
  readonly claim: number;
  readonly attempt: number;
  readonly lease?: { readonly worker: string; readonly untilMs: WallTime };
  readonly notBeforeMs?: WallTime;
  readonly reason?: unknown;
  readonly outcome?: unknown;
  readonly updatedAtMs: WallTime;
}

/** Why a task went back or ended: code and text as in an error. */
export interface TaskFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

type ReasonKind = 'interrupted' | 'failed' | 'leaseLost' | 'canceled' | 'postponed';

/** Why an event does not count; `waitMs` says when it may. */
export type TaskRefusal =
  /** The message belongs to an earlier publication: it is void. */
  | { readonly refused: 'stale-epoch' }
  /** The record was read before the publication that the message belongs to. */
  | { readonly refused: 'record-is-behind' }
  | { readonly refused: 'task-is-final' }
  | { readonly refused: 'not-yet' | 'held'; readonly waitMs: number }
  /** The last holder's lease ran out on the last attempt. */
  | { readonly refused: 'attempts-used-up' }
  | { readonly refused: 'event-not-expected' };

export type TaskChange<T extends Task> = { readonly task: T } | TaskRefusal;

export interface ClaimFacts {
  readonly worker: string;
  /** Epoch of the message that brought the task. */
  readonly epoch: number;
  readonly leaseMs: number;
  readonly maxAttempts: number;
}

/** A worker takes the task: a new claim, a new attempt, a lease. */
export function claimTask<T extends Task>(task: T, facts: ClaimFacts, now: WallTime): TaskChange<T> {
  const refusal = epochRefusal(task, facts.epoch) ?? holdRefusal(task, now);
  if (refusal !== undefined) {
    return refusal;
  }
  if (task.state === 'running' && task.attempt >= facts.maxAttempts) {
    return { refused: 'attempts-used-up' };
  }
  return change(task, 'claimed', now, (moved) => ({
    ...(task.state === 'running' ? { ...moved, reason: leaseLost(task, now) } : moved),
    claim: task.claim + 1,
    attempt: task.attempt + 1,
    lease: { worker: facts.worker, untilMs: after(now, facts.leaseMs) },
  }));
}

/** The holder is still at work. */
export function renewLease<T extends Task>(
  task: T,
  facts: { readonly leaseMs: number },
  now: WallTime,
): TaskChange<T> {
  const worker = task.lease?.worker;
  if (worker === undefined) {
    return { refused: isTaskFinal(task.state) ? 'task-is-final' : 'event-not-expected' };
  }
  const lease = { worker, untilMs: after(now, facts.leaseMs) };
  return change(task, 'renewed', now, (moved) => ({ ...moved, lease }));
}

export function finishTask<T extends Task>(
  task: T,
  facts: { readonly outcome: NonNullable<T['outcome']> },
  now: WallTime,
): TaskChange<T> {
  return change(task, 'finished', now, (moved) => ({ ...moved, outcome: facts.outcome }));
}

/** Back to the queue after a failure that may pass; the attempt stays counted. */
export function retryTask<T extends Task>(
  task: T,
  facts: TaskFault & { readonly delayMs: number },
  now: WallTime,
): TaskChange<T> {
  const { delayMs, ...fault } = facts;
  return change(task, 'retried', now, (moved) => ({
    ...because(moved, 'failed', fault, now),
    notBeforeMs: after(now, delayMs),
  }));
}

/** Back to the queue because it cannot be done yet; the attempt is given back. */
export function postponeTask<T extends Task>(
  task: T,
  facts: TaskFault & { readonly delayMs: number },
  now: WallTime,
): TaskChange<T> {
  const { delayMs, ...fault } = facts;
  return change(task, 'postponed', now, (moved) => ({
    ...because(moved, 'postponed', fault, now),
    attempt: task.attempt - 1,
    notBeforeMs: after(now, delayMs),
  }));
}

/** Back to the queue at once because the worker is stopping; the attempt is given back. */
export function interruptTask<T extends Task>(task: T, now: WallTime): TaskChange<T> {
  const fault: TaskFault = {
    code: 'WorkerStopping',
    message: `worker ${task.lease?.worker ?? ''} is stopping`,
  };
  return change(task, 'interrupted', now, (moved) => ({
    ...because(moved, 'interrupted', fault, now),
    attempt: task.attempt - 1,
  }));
}

/** Nobody will try again. Also ends a task whose holder is lost on its last attempt. */
export function giveUpTask<T extends Task>(task: T, facts: TaskFault, now: WallTime): TaskChange<T> {
  return change(task, 'gaveUp', now, (moved) => because(moved, 'failed', facts, now));
}

/** The holder lets go because the job does not want the task any more. */
export function cancelTask<T extends Task>(task: T, now: WallTime): TaskChange<T> {
  const fault: TaskFault = { code: 'JobCanceled', message: 'the job does not want this task any more' };
  return change(task, 'canceled', now, (moved) => because(moved, 'canceled', fault, now));
}

/** As {@link cancelTask}, by the scheduler: only while nobody holds the task. */
export function cancelUnheldTask<T extends Task>(task: T, now: WallTime): TaskChange<T> {
  return heldRefusal(task, now) ?? cancelTask(task, now);
}

/** Ready to be published anew under the next epoch; a message of the old one is void from here on. */
export function requeueTask<T extends Task>(
  task: T,
  facts: { readonly maxAttempts: number },
  now: WallTime,
): TaskChange<T> {
  const held = heldRefusal(task, now);
  if (held !== undefined) {
    return held;
  }
  if (task.state === 'running' && task.attempt >= facts.maxAttempts) {
    return { refused: 'attempts-used-up' };
  }
  return change(task, 'requeued', now, (moved) => ({
    ...(task.state === 'running' ? { ...moved, reason: leaseLost(task, now) } : moved),
    epoch: task.epoch + 1,
  }));
}

function change<T extends Task>(
  task: T,
  event: TaskEvent,
  now: WallTime,
  fill: (moved: T) => T,
): TaskChange<T> {
  const state = follow(TASK_TRANSITIONS, task.state, event);
  if (state === undefined) {
    return { refused: isTaskFinal(task.state) ? 'task-is-final' : 'event-not-expected' };
  }
  return { task: fill({ ...withoutHold(task), state, updatedAtMs: now }) };
}

/** Lease and waiting time belong to one stay in a state, and never outlive it. */
function withoutHold<T extends Task>(task: T): T {
  const rest: T & { lease?: Task['lease']; notBeforeMs?: Task['notBeforeMs'] } = { ...task };
  delete rest.lease;
  delete rest.notBeforeMs;
  return rest;
}

function epochRefusal(task: Task, epoch: number): TaskRefusal | undefined {
  if (epoch === task.epoch) {
    return undefined;
  }
  return { refused: epoch < task.epoch ? 'stale-epoch' : 'record-is-behind' };
}

function holdRefusal(task: Task, now: WallTime): TaskRefusal | undefined {
  if (task.state === 'queued' && task.notBeforeMs !== undefined && task.notBeforeMs > now) {
    return { refused: 'not-yet', waitMs: task.notBeforeMs - now };
  }
  return heldRefusal(task, now);
}

function heldRefusal(task: Task, now: WallTime): TaskRefusal | undefined {
  return task.state === 'running' && task.lease !== undefined && task.lease.untilMs > now
    ? { refused: 'held', waitMs: task.lease.untilMs - now }
    : undefined;
}

function leaseLost(task: Task, now: WallTime): TaskFault & { kind: ReasonKind; atMs: WallTime } {
  const message = `worker ${task.lease?.worker ?? ''} did not renew its lease`;
  return { kind: 'leaseLost', code: 'LeaseLost', message, atMs: now };
}

function because<T extends Task>(task: T, kind: ReasonKind, fault: TaskFault, now: WallTime): T {
  return { ...task, reason: { ...fault, kind, atMs: now } };
}

function after(now: WallTime, ms: number): WallTime {
  return wallTime(now + ms);
}
