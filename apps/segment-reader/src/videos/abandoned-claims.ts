import type { KvStore } from '@clipmesh/bus';
import type { JobRecord } from '@clipmesh/contracts';
import { publicState } from '@clipmesh/pipeline';
import type { Holds } from './holds';
import { isReservation, type VideoRecords } from './video-records';

/**
 * Holds and reservations of jobs that do not live any more: a planner that was slower than its job's cancel has
 * taken them after they were released.
 */
export class AbandonedClaims {
  constructor(
    private readonly videos: VideoRecords,
    private readonly holds: Holds,
    private readonly jobs: Pick<KvStore<JobRecord>, 'list'>,
  ) {}

  /** A job's record is there before its claims are: what is listed first and has no live job then is abandoned. */
  async release(): Promise<void> {
    const claims = await this.claims();
    if (claims.size === 0) {
      return;
    }
    for await (const { value } of this.jobs.list()) {
      if (publicState(value.state) === 'Processing') {
        claims.delete(value.id);
      }
    }
    for (const [jobId, outputVideos] of claims) {
      await this.holds.release(jobId);
      for (const name of outputVideos) {
        await this.videos.dropReservation(name, jobId);
      }
    }
  }

  /** Reserved names by job; a job that only holds has none. */
  private async claims(): Promise<Map<string, string[]>> {
    const claims = new Map<string, string[]>();
    for (const jobId of await this.holds.jobs()) {
      claims.set(jobId, []);
    }
    for await (const { value } of this.videos.store.list()) {
      if (isReservation(value)) {
        claims.set(value.jobId, [...(claims.get(value.jobId) ?? []), value.name]);
      }
    }
    return claims;
  }
}
