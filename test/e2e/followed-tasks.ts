import { jsonCodec, type KvWatch } from '@clipmesh/bus';
import { KV, type TaskRecord } from '@clipmesh/contracts';
import type { MeshClient } from '@clipmesh/local';

/** The encode tasks of a job from its beginning: how each stands, and who has made it. */
export class FollowedTasks {
  readonly records = new Map<string, TaskRecord>();
  /** Worker by task, in the order in which they were done. */
  readonly doneBy = new Map<string, string>();
  /** Tasks that a worker gave back because it was to end. */
  readonly interrupted = new Set<string>();
  private readonly looks = new Set<() => void>();
  private watch: KvWatch | undefined;

  static async of({ bus }: MeshClient, jobId: string): Promise<FollowedTasks> {
    const followed = new FollowedTasks();
    followed.watch = await bus.kv(KV.tasks, jsonCodec<TaskRecord>(1)).watch(`${jobId}.encode.*`, {
      onChange: ({ value }) => {
        if (value !== undefined) {
          followed.note(value);
        }
      },
      onError: (error) => {
        throw error;
      },
    });
    return followed;
  }

  /** Who has a task in hand now. */
  get holders(): ReadonlySet<string> {
    return new Set([...this.records.values()].flatMap(({ lease }) => lease?.worker ?? []));
  }

  /** Looks now and after each change of a task. */
  async until(holds: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (holds()) {
          this.looks.delete(look);
          resolve();
        }
      };
      this.looks.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    await this.watch?.stop();
  }

  private note(record: TaskRecord): void {
    const holder = this.records.get(record.task)?.lease?.worker;
    if (record.state === 'done' && holder !== undefined) {
      this.doneBy.set(record.task, holder);
    }
    if (record.reason?.kind === 'interrupted') {
      this.interrupted.add(record.task);
    }
    this.records.set(record.task, record);
    this.looks.forEach((look) => {
      look();
    });
  }
}
