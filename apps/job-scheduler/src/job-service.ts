import type { KvRecord } from '@clipmesh/bus';
import type { JobRecord } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { type JobChange, type JobEffect, type JobRefusal } from '@clipmesh/pipeline';
import type { JobIndex } from './job-index';
import { nowOf, type Surroundings } from './surroundings';

export type StoredJob = KvRecord<JobRecord>;
export type Transition = (job: JobRecord, now: WallTime) => JobChange<JobRecord>;

/** A saved change with its effects, which are still to be carried out; or why nothing changed, and what stands. */
export type Applied =
  | { readonly stored: StoredJob; readonly effects: readonly JobEffect[] }
  | { readonly stored: StoredJob; readonly refused: JobRefusal }
  | { readonly refused: 'job-is-gone' };

/** The only writer of jobs: load, transition, save at the revision that was loaded. */
export class JobService {
  constructor(
    private readonly around: Surroundings,
    private readonly index: JobIndex,
  ) {}

  find(name: string): Promise<StoredJob | undefined> {
    return this.around.stores.jobs.get(name);
  }

  /** @throws ExportError `JobNotFound` */
  async load(name: string): Promise<StoredJob> {
    const stored = await this.find(name);
    if (stored === undefined) {
      throw new ExportError('JobNotFound', { message: `there is no job ${name}`, target: 'name' });
    }
    return stored;
  }

  /** Stores a new job; `undefined` when its name is taken. */
  async create(job: JobRecord): Promise<StoredJob | undefined> {
    const revision = await this.around.stores.jobs.create(job.name, job);
    return revision === undefined ? undefined : this.known({ key: job.name, value: job, revision });
  }

  /** Asks the table, saves, and asks again whenever somebody was faster. */
  async apply(stored: StoredJob, transition: Transition): Promise<Applied> {
    for (let current: StoredJob | undefined = stored; current?.value.id === stored.value.id;) {
      const change = transition(current.value, nowOf(this.around));
      if ('refused' in change) {
        return { stored: current, refused: change.refused };
      }
      const saved = await this.save(current, change.job);
      if (saved !== undefined) {
        return { stored: saved, effects: change.effects };
      }
      current = await this.find(stored.key);
    }
    return { refused: 'job-is-gone' };
  }

  /** Removes a record for good, unless somebody has changed it. */
  async remove(stored: StoredJob): Promise<void> {
    await this.around.stores.jobs.delete(stored.key, stored.revision);
    this.index.forget(stored.key, stored.revision);
  }

  private async save(stored: StoredJob, job: JobRecord): Promise<StoredJob | undefined> {
    try {
      const revision = await this.around.stores.jobs.update(stored.key, job, stored.revision);
      return this.known({ key: stored.key, value: job, revision });
    } catch (thrown) {
      if (thrown instanceof ExportError && thrown.code === 'RevisionStale') {
        return undefined;
      }
      throw thrown;
    }
  }

  private known(stored: StoredJob): StoredJob {
    this.index.note(stored.value, stored.revision);
    return stored;
  }
}
