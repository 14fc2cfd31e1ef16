import { wallTime } from '@clipmesh/media';
import * as fc from 'fast-check';
import {
  cancelTask,
  cancelUnheldTask,
  claimTask,
  finishTask,
  giveUpTask,
  interruptTask,
  postponeTask,
  renewLease,
  requeueTask,
  retryTask,
  type Task,
  type TaskChange,
} from './task';
import type { TaskState } from './task-state';
import { isTaskFinal, TASK_TRANSITIONS, type TaskEvent } from './task-transitions';

interface TestTask extends Task {
  readonly jobId: string;
  readonly outcome?: string;
}

const NOW = wallTime(10_000);
const CLAIM = { worker: 'w2', epoch: 1, leaseMs: 3_000, maxAttempts: 5 };
const FAULT = { code: 'EncoderCrashed', message: 'exit code 1' } as const;
const STATES = Object.keys(TASK_TRANSITIONS) as TaskState[];

const queued: TestTask = {
  jobId: 'j1',
  state: 'queued',
  epoch: 1,
  claim: 0,
  attempt: 0,
  updatedAtMs: wallTime(0),
};
const held: TestTask = {
  ...queued,
  state: 'running',
  claim: 1,
  attempt: 1,
  lease: { worker: 'w1', untilMs: wallTime(10_001) },
};
const lost: TestTask = { ...held, lease: { worker: 'w1', untilMs: wallTime(10_000) } };

const EVENTS: Record<TaskEvent, (task: TestTask, now?: typeof NOW) => TaskChange<TestTask>> = {
  claimed: (task, now = NOW) => claimTask(task, { ...CLAIM, epoch: task.epoch }, now),
  renewed: (task, now = NOW) => renewLease(task, CLAIM, now),
  finished: (task, now = NOW) => finishTask(task, { outcome: 'made' }, now),
  retried: (task, now = NOW) => retryTask(task, { ...FAULT, delayMs: 500 }, now),
  postponed: (task, now = NOW) =>
    postponeTask(task, { code: 'MediaAwaited', message: 'ten seconds more', delayMs: 1_000 }, now),
  interrupted: (task, now = NOW) => interruptTask(task, now),
  gaveUp: (task, now = NOW) => giveUpTask(task, FAULT, now),
  canceled: (task, now = NOW) => cancelTask(task, now),
  requeued: (task, now = NOW) => requeueTask(task, CLAIM, now),
};
const EVENT_NAMES = Object.keys(EVENTS) as TaskEvent[];

function changed(change: TaskChange<TestTask>): TestTask {
  if ('refused' in change) {
    throw new Error(change.refused);
  }
  return change.task;
}

const outcome = (change: TaskChange<TestTask>): string =>
  'refused' in change ? change.refused : `→ ${change.task.state}`;

it('leads every state by every event where the table says', () => {
  const cases = {
    queued,
    'running, held': held,
    'running, lease run out': lost,
    done: { ...queued, state: 'done' },
    failed: { ...queued, state: 'failed' },
    canceled: { ...queued, state: 'canceled' },
  } as const;
  const rows = Object.entries(cases).map(([name, task]) => [
    name,
    Object.fromEntries(EVENT_NAMES.map((event) => [event, outcome(EVENTS[event](task))])),
  ]);
  expect(Object.fromEntries(rows)).toMatchInlineSnapshot(`
   {
     "canceled": {
       "canceled": "task-is-final",
       "claimed": "task-is-final",
       "finished": "task-is-final",
       "gaveUp": "task-is-final",
       "interrupted": "task-is-final",
       "postponed": "task-is-final",
       "renewed": "task-is-final",
       "requeued": "task-is-final",
       "retried": "task-is-final",
     },
     "done": {
       "canceled": "task-is-final",
       "claimed": "task-is-final",
       "finished": "task-is-final",
       "gaveUp": "task-is-final",
       "interrupted": "task-is-final",
       "postponed": "task-is-final",
       "renewed": "task-is-final",
       "requeued": "task-is-final",
       "retried": "task-is-final",
     },
     "failed": {
       "canceled": "task-is-final",
       "claimed": "task-is-final",
       "finished": "task-is-final",
       "gaveUp": "task-is-final",
       "interrupted": "task-is-final",
       "postponed": "task-is-final",
       "renewed": "task-is-final",
       "requeued": "task-is-final",
       "retried": "task-is-final",
     },
     "queued": {
       "canceled": "→ canceled",
       "claimed": "→ running",
       "finished": "event-not-expected",
       "gaveUp": "event-not-expected",
       "interrupted": "event-not-expected",
       "postponed": "event-not-expected",
       "renewed": "event-not-expected",
       "requeued": "→ queued",
       "retried": "event-not-expected",
     },
     "running, held": {
       "canceled": "→ canceled",
       "claimed": "held",
       "finished": "→ done",
       "gaveUp": "→ failed",
       "interrupted": "→ queued",
       "postponed": "→ queued",
       "renewed": "→ running",
       "requeued": "held",
       "retried": "→ queued",
     },
     "running, lease run out": {
       "canceled": "→ canceled",
       "claimed": "→ running",
       "finished": "→ done",
       "gaveUp": "→ failed",
       "interrupted": "→ queued",
       "postponed": "→ queued",
       "renewed": "→ running",
       "requeued": "→ queued",
       "retried": "→ queued",
     },
   }
  `);
});

it('reaches a final state from every state, and leaves none', () => {
  for (const state of STATES) {
    const seen = new Set<TaskState>([state]);
    for (const reached of seen) {
      Object.values(TASK_TRANSITIONS[reached]).forEach((next) => seen.add(next));
    }
    expect([...seen].some(isTaskFinal)).toBe(true);
  }
  expect(STATES.filter(isTaskFinal)).toEqual(['done', 'failed', 'canceled']);
});

describe('a claim', () => {
  it('is a new claim, a new attempt and a lease', () => {
    expect(changed(claimTask(queued, CLAIM, NOW))).toEqual({
      ...queued,
      state: 'running',
      claim: 1,
      attempt: 1,
      lease: { worker: 'w2', untilMs: 13_000 },
      updatedAtMs: 10_000,
    });
  });

  it('takes a task over whose lease has run out, and says so', () => {
    expect(changed(claimTask(lost, CLAIM, NOW))).toMatchObject({
      claim: 2,
      attempt: 2,
      lease: { worker: 'w2' },
      reason: { kind: 'leaseLost', code: 'LeaseLost', atMs: 10_000 },
    });
  });

  it.each([
    ['a message of an earlier publication', { ...queued, epoch: 2 }, { refused: 'stale-epoch' }],
    ['a record older than the message', { ...queued, epoch: 0 }, { refused: 'record-is-behind' }],
    ['a task that somebody holds', held, { refused: 'held', waitMs: 1 }],
    [
      'a task before its time',
      { ...queued, notBeforeMs: wallTime(10_200) },
      { refused: 'not-yet', waitMs: 200 },
    ],
    ['the last attempt lost', { ...lost, attempt: 5 }, { refused: 'attempts-used-up' }],
    ['a task that is done', { ...queued, state: 'done' as const }, { refused: 'task-is-final' }],
  ])('is refused for %s', (_, task, refusal) => {
    expect(claimTask(task, CLAIM, NOW)).toEqual(refusal);
  });

  it('is possible again as soon as the waiting time is over', () => {
    expect(outcome(claimTask({ ...queued, notBeforeMs: NOW }, CLAIM, NOW))).toBe('→ running');
  });
});

it.each([
  ['a failure', EVENTS.retried, 1],
  ['a postponement', EVENTS.postponed, 0],
  ['an interruption', EVENTS.interrupted, 0],
])(
  'after %s the task is queued without a lease, with the attempt counted or given back',
  (_, event, attempt) => {
    const task = changed(event(held));
    expect(task).toMatchObject({ state: 'queued', attempt, claim: 1, epoch: 1 });
    expect(task).not.toHaveProperty('lease');
  },
);

it('renews a lease without touching claim and attempt', () => {
  expect(changed(renewLease(held, { leaseMs: 3_000 }, NOW))).toEqual({
    ...held,
    lease: { worker: 'w1', untilMs: 13_000 },
    updatedAtMs: 10_000,
  });
});

it('leaves a task that somebody holds alone, and cancels it when nobody does', () => {
  expect(outcome(cancelUnheldTask(held, NOW))).toBe('held');
  expect(outcome(cancelUnheldTask(lost, NOW))).toBe('→ canceled');
  expect(outcome(cancelUnheldTask(queued, NOW))).toBe('→ canceled');
});

it('raises the epoch with every new publication', () => {
  expect(changed(requeueTask(queued, CLAIM, NOW))).toMatchObject({ state: 'queued', epoch: 2 });
  expect(changed(requeueTask(lost, CLAIM, NOW))).toMatchObject({
    state: 'queued',
    epoch: 2,
    attempt: 1,
    reason: { kind: 'leaseLost' },
  });
  expect(outcome(requeueTask({ ...lost, attempt: 5 }, CLAIM, NOW))).toBe('attempts-used-up');
});

it('never takes a claim or an epoch back, and never counts more attempts than claims', () => {
  const step = fc.record({ event: fc.constantFrom(...EVENT_NAMES), passedMs: fc.nat(5_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let task = queued;
      let now = NOW;
      for (const { event, passedMs } of steps) {
        now = wallTime(now + passedMs);
        const change = EVENTS[event](task, now);
        if (!('refused' in change)) {
          const next = change.task;
          expect(isTaskFinal(task.state)).toBe(false);
          expect(next.claim).toBeGreaterThanOrEqual(task.claim);
          expect(next.epoch).toBeGreaterThanOrEqual(task.epoch);
          expect(next.attempt).toBeGreaterThanOrEqual(0);
          expect(next.attempt).toBeLessThanOrEqual(next.claim);
          expect('lease' in next).toBe(next.state === 'running');
          task = next;
        }
      }
    }),
  );
});
