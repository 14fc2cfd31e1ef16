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
 * Says which jobs a pass of the reconciler looks at: each once at first sight, then one pass after its last change,
 * then ever less often. Ten thousand jobs that wait in the queue are no reason to read ten thousand records a pass.
 */
export class CareSchedule {
  private visits = new Map<string, Visit>();

  constructor(private readonly passMs: number) {}

  due(entries: Iterable<JobEntry>, nowMs: number): readonly JobEntry[] {
    const known = this.visits;
    this.visits = new Map();
    const due: JobEntry[] = [];
    for (const entry of entries) {
      if (!entry.needsCare && !(entry.expirationMs !== undefined && entry.expirationMs <= nowMs)) {
        continue;
      }
      const visit = known.get(entry.id);
      const isDue = visit === undefined || (visit.revision === entry.revision && visit.atMs <= nowMs);
      if (isDue) {
        due.push(entry);
      }
      this.visits.set(entry.id, this.next(entry, visit, isDue, nowMs));
    }
    return due;
  }

  private next(entry: JobEntry, visit: Visit | undefined, isDue: boolean, nowMs: number): Visit {
    const { passMs } = this;
    if (visit === undefined || visit.revision !== entry.revision) {
      // What has just changed is in good hands: nobody needs us before the next pass.
      return { revision: entry.revision, atMs: nowMs + passMs / 2, waitMs: passMs };
    }
    return isDue
      ? {
          revision: entry.revision,
          atMs: nowMs + visit.waitMs - passMs / 2,
          waitMs: Math.min(visit.waitMs * 2, LONGEST_WAIT_PASSES * passMs),
        }
      : visit;
  }
}
