import type { KvStore } from '@clipmesh/bus';
import type { HoldRecord } from '@clipmesh/contracts';

/** Ranges of archives that live jobs still read. */
export class Holds {
  constructor(private readonly store: KvStore<HoldRecord>) {}

  /** The same job's hold again is fine: a plan that is made again holds the same. */
  async take(hold: Omit<HoldRecord, 'format'>): Promise<void> {
    await this.store.put(`${hold.videoId}.${hold.jobId}`, { format: 1, ...hold });
  }

  async isHeld(videoId: string): Promise<boolean> {
    for await (const _hold of this.store.list(`${videoId}.*`)) {
      return true;
    }
    return false;
  }

  /** Ids of all videos of which anything is held. */
  async videos(): Promise<ReadonlySet<string>> {
    const videos = new Set<string>();
    for await (const { value } of this.store.list()) {
      videos.add(value.videoId);
    }
    return videos;
  }

  /** Ids of all jobs that hold anything. */
  async jobs(): Promise<ReadonlySet<string>> {
    const jobs = new Set<string>();
    for await (const { value } of this.store.list()) {
      jobs.add(value.jobId);
    }
    return jobs;
  }

  /** Whatever the job held, of any video. */
  async release(jobId: string): Promise<void> {
    for await (const { key } of this.store.list(`*.${jobId}`)) {
      await this.store.delete(key);
    }
  }
}
