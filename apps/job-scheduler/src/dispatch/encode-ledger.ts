import {
  COPY_TASK,
  encodeTasks,
  listFiles,
  SOUND_TASK,
  type JobRecord,
  type Lane,
  type PlannedFile,
} from '@clipmesh/contracts';
import { isTaskFinal, type TaskState } from '@clipmesh/pipeline';

/** The encode tasks of a job, by kind and number: names follow from these. */
export interface EncodeTaskCount {
  readonly hasSound: boolean;
  readonly isCopied: boolean;
  readonly parts: number;
}

/** A job that is being encoded, as far as it is known without reading it. */
export interface EncodingJob {
  readonly id: string;
  readonly name: string;
  readonly lane: Lane;
  readonly createdAtMs: number;
  /** Of the movie. */
  readonly durationMs: number;
  readonly tasks: EncodeTaskCount;
}

/** `undefined` when the job is not in encoding. */
export function encodingOf(job: JobRecord): EncodingJob | undefined {
  const { id, name, planned, options, createdAtMs } = job;
  const names = encodeTasks(job);
  if (job.state !== 'encoding' || planned === undefined || names === undefined) {
    return undefined;
  }
  const hasSound = names.includes(SOUND_TASK);
  const isCopied = names.includes(COPY_TASK);
  const durations = listFiles<PlannedFile>(planned).map(({ summary }) => summary.durationMs);
  return {
    id,
    name,
    lane: options.priority,
    createdAtMs,
    durationMs: durations.reduce((sum, duration) => sum + duration, 0),
    tasks: { hasSound, isCopied, parts: names.length - Number(hasSound) - Number(isCopied) },
  };
}

export function taskCount({ hasSound, isCopied, parts }: EncodeTaskCount): number {
  return Number(hasSound) + Number(isCopied) + parts;
}

/** Names in the order of dispatch, as `encodeTasks` gives them. */
export function taskName({ hasSound, isCopied }: EncodeTaskCount, index: number): string {
  if (hasSound && index === 0) {
    return SOUND_TASK;
  }
  const part = index - Number(hasSound);
  return isCopied ? COPY_TASK : String(part);
}

/** What is known of the tasks of one job. */
export class JobLedger {
  private readonly states = new Map<string, TaskState>();
  /** So many are done. */
  done = 0;
  /** So many are dispatched and have not ended. */
  outstanding = 0;
  private next = 0;

  note(task: string, state: TaskState): void {
    const before = this.states.get(task);
    this.states.set(task, state);
    this.done += Number(state === 'done') - Number(before === 'done');
    this.outstanding += Number(!isTaskFinal(state)) - Number(before !== undefined && !isTaskFinal(before));
  }

  /** The next task that has not been dispatched; `undefined` when there is none. */
  peek(tasks: EncodeTaskCount): string | undefined {
    for (; this.next < taskCount(tasks); this.next++) {
      const name = taskName(tasks, this.next);
      if (!this.states.has(name)) {
        return name;
      }
    }
    return undefined;
  }

  /** So many were dispatched, whatever became of them. */
  get dispatched(): number {
    return this.states.size;
  }

  undispatched(tasks: EncodeTaskCount): number {
    return taskCount(tasks) - this.dispatched;
  }

  hasDone(task: string): boolean {
    return this.states.get(task) === 'done';
  }

  isDone(tasks: EncodeTaskCount): boolean {
    return this.done >= taskCount(tasks);
  }
}
