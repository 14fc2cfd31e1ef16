import { eventSubject } from '@clipmesh/contracts';
import type { MeshClient } from '@clipmesh/local';

/** Counts the events of jobs, so that a story can act at a chosen step of one. */
export class EventCount {
  private readonly counts = new Map<string, number>();
  private readonly waiting = new Set<() => void>();
  private readonly stopListening: () => Promise<void>;

  constructor(client: MeshClient) {
    this.stopListening = client.bus.onNudge(eventSubject('job', '*', '*'), (_, subject) => {
      const id = subject.split('.').at(-2) ?? '';
      this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
      this.waiting.forEach((look) => {
        look();
      });
    });
  }

  /** Resolves when the job has told of itself so many times. */
  async reach(id: string, count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if ((this.counts.get(id) ?? 0) >= count) {
          this.waiting.delete(look);
          resolve();
        }
      };
      this.waiting.add(look);
      look();
    });
  }

  stop(): Promise<void> {
    return this.stopListening();
  }
}
