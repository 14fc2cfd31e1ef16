import { LANES, type Lane } from '@clipmesh/contracts';
import type { EncodingJob, JobLedger } from './encode-ledger';

export interface Candidate {
  readonly job: EncodingJob;
  readonly ledger: JobLedger;
}

/**
 * Which jobs get a task dispatched now, in this order; a job may come several times. Each lane has a window of `width` tasks that
 * are dispatched and have not ended, so that a short job never waits behind a long one's whole queue; within a lane the job
 * that has the fewest comes first, then the oldest. A lane does not wait for a more urgent one: workers take that first.
 */
export function chooseNext(candidates: readonly Candidate[], width: number): readonly Candidate[] {
  return LANES.flatMap((lane) => chooseInLane(candidates, lane, width));
}

interface Share {
  readonly candidate: Candidate;
  outstanding: number;
  left: number;
}

function chooseInLane(candidates: readonly Candidate[], lane: Lane, width: number): Candidate[] {
  const shares = candidates
    .filter(({ job }) => job.lane === lane)
    .map((candidate): Share => {
      const { outstanding } = candidate.ledger;
      return { candidate, outstanding, left: undispatched(candidate) };
    });
  let room = width - shares.reduce((sum, { outstanding }) => sum + outstanding, 0);
  const chosen: Candidate[] = [];
  for (; room > 0; room--) {
    const next = neediest(shares);
    if (next === undefined) {
      break;
    }
    next.outstanding += 1;
    next.left -= 1;
    chosen.push(next.candidate);
  }
  return chosen;
}

function neediest(shares: readonly Share[]): Share | undefined {
  let found: Share | undefined;
  for (const share of shares) {
    if (share.left > 0 && (found === undefined || isBefore(share, found))) {
      found = share;
    }
  }
  return found;
}

function isBefore(a: Share, b: Share): boolean {
  return a.outstanding === b.outstanding
    ? a.candidate.job.createdAtMs < b.candidate.job.createdAtMs
    : a.outstanding < b.outstanding;
}

function undispatched({ job, ledger }: Candidate): number {
  return ledger.undispatched(job.tasks);
}
