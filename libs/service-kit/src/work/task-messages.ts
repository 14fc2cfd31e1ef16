import type { Bus, Published } from '@clipmesh/bus';
import {
  deadSubject,
  resultSubject,
  STAGES,
  taskKey,
  workSubject,
  type TaskPointer,
  type TaskRecord,
} from '@clipmesh/contracts';

const pointerTo = ({ jobId, jobName, stage, task, epoch }: TaskRecord): TaskPointer => ({
  format: 1,
  jobId,
  jobName,
  stage,
  task,
  epoch,
});

/** Puts the task's message on the work queue. A second one of the same epoch is refused by the stream. */
export function publishWork(bus: Bus, task: TaskRecord): Promise<Published> {
  const { stage, lane, jobId, epoch } = task;
  return bus.publish(workSubject(stage, lane, jobId, task.task, epoch), pointerTo(task), {
    msgId: `${taskKey(task)}.${epoch}`,
  });
}

/** Hints to the scheduler that the task has moved. */
export async function publishResult(bus: Bus, task: TaskRecord): Promise<void> {
  const { stage, jobId, epoch, claim, state } = task;
  await bus.publish(resultSubject(stage, jobId, task.task, epoch), pointerTo(task), {
    msgId: `${taskKey(task)}.${claim}.${state}`,
  });
}

/** Tells operators of work that was given up, with its last error. */
export async function publishDead(bus: Bus, task: TaskRecord): Promise<void> {
  const { stage, jobId, claim, attempt, reason } = task;
  const body = { ...pointerTo(task), claim, attempt, ...(reason && { reason }) };
  await bus.publish(deadSubject(stage, jobId, task.task), body, { msgId: `dead.${taskKey(task)}.${claim}` });
}

/** The pointer that a message carries, or nothing when it is none. */
export function readPointer(body: unknown): TaskPointer | undefined {
  if (typeof body !== 'object' || body === null) {
    return undefined;
  }
  const { jobId, jobName, stage, task, epoch } = body as Readonly<Record<string, unknown>>;
  const knownStage = STAGES.find((known) => known === stage);
  return typeof jobId === 'string' &&
    typeof jobName === 'string' &&
    typeof task === 'string' &&
    typeof epoch === 'number' &&
    knownStage !== undefined
    ? { format: 1, jobId, jobName, stage: knownStage, task, epoch }
    : undefined;
}
