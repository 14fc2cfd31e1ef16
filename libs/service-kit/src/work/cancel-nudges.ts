import type { Bus, StopListening } from '@clipmesh/bus';
import { cancelSubject } from '@clipmesh/contracts';

/** Hears that somebody wants jobs to stop, with one subscription for all jobs. */
export class CancelNudges {
  private readonly listeners = new Map<string, Set<() => void>>();
  private stopListening: StopListening | undefined;

  constructor(private readonly bus: Bus) {}

  start(): void {
    this.stopListening = this.bus.onNudge(cancelSubject('*'), (_, subject) => {
      const jobId = subject.slice(subject.lastIndexOf('.') + 1);
      this.listeners.get(jobId)?.forEach((listener) => {
        listener();
      });
    });
  }

  /** Calls the listener at every nudge about the job, until the returned function is called. */
  watch(jobId: string, listener: () => void): () => void {
    const listeners = this.listeners.get(jobId) ?? new Set();
    this.listeners.set(jobId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        this.listeners.delete(jobId);
      }
    };
  }

  async stop(): Promise<void> {
    await this.stopListening?.();
  }
}
