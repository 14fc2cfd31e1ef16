import { encodeTasks, type JobRecord, type TaskRecord } from '@clipmesh/contracts';
import { recordParts } from '@clipmesh/pipeline';
import { foldTask } from '../fold-task';
import type { Transition } from '../job-service';
import type { Surroundings } from '../surroundings';
import { tasksOf } from './tasks-of';

/** What the encode tasks of a job come to; nothing while some are still to be done. The dispatcher hands them out. */
export async function encodedSoFar(around: Surroundings, job: JobRecord): Promise<Transition | undefined> {
  const names = encodeTasks(job);
  if (names === undefined) {
    return undefined;
  }
  const tasks = (await tasksOf(around, job, 'encode')).map(({ value }) => value);
  const lost = tasks.find(({ state }) => state === 'failed' || state === 'canceled');
  if (lost !== undefined) {
    return (current, now) => foldTask(current, lost, around.settings, now);
  }
  const done = new Map(tasks.filter(({ state }) => state === 'done').map((task) => [task.task, task]));
  const inOrder = names.map((name) => done.get(name));
  return inOrder.every((task) => task !== undefined)
    ? (current, now) => recordParts(current, { encoded: { gaps: inOrder.flatMap(gapsOf) } }, now)
    : undefined;
}

const gapsOf = ({ outcome }: TaskRecord) => (outcome?.stage === 'encode' ? outcome.gaps : []);
