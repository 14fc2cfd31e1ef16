import type { JobEntry } from '../job-index';

interface Visit {
  readonly revision: number;
  readonly atMs: number;
  /** Until the visit after this one. */
  readonly waitMs: number;
}

/** A job that nothing happens to is looked at less and less often, down to this many passes apart. */
const LONGEST_WAIT_PASSES = 6;

/**
 * Says which jobs a pass of the reconciler looks at: all in the first pass, each one pass after its last change, and
 * then ever less often. Ten thousand jobs that wait in the queue are no reason to read ten thousand records a pass.
 */
export class CareSchedule {
  private visits: ReadonlyMap<string, Visit> | undefined;

  constructor(private readonly passMs: number) {}

  due(entries: Iterable<JobEntry>, nowMs: number): readonly JobEntry[] {
    const visits = new Map<string, Visit>();
    const due: JobEntry[] = [];
    for (const entry of entries) {
      if (asksForCare(entry, nowMs)) {
        const visit = this.visits?.get(entry.id);
        const isDue = this.visits === undefined || (isOf(visit, entry) && visit.atMs <= nowMs);
        if (isDue) {
          due.push(entry);
        }
        visits.set(entry.id, this.next(entry, visit, isDue, nowMs));
      }
    }
    this.visits = visits;
    return due;
  }

  /** Half a pass early, so that a pass that comes a moment too soon does not mean waiting for another. */
  private next(entry: JobEntry, visit: Visit | undefined, isDue: boolean, nowMs: number): Visit {
    const { passMs } = this;
    const { revision } = entry;
    if (!isOf(visit, entry)) {
      return { revision, atMs: nowMs + passMs / 2, waitMs: passMs };
    }
    return isDue
      ? {
          revision,
          atMs: nowMs + visit.waitMs - passMs / 2,
          waitMs: Math.min(visit.waitMs * 2, LONGEST_WAIT_PASSES * passMs),
        }
      : visit;
  }
}

const isOf = (visit: Visit | undefined, entry: JobEntry): visit is Visit =>
  visit?.revision === entry.revision;

const asksForCare = ({ needsCare, expirationMs }: JobEntry, nowMs: number): boolean =>
  needsCare || (expirationMs !== undefined && expirationMs <= nowMs);
