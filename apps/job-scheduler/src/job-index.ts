import type { KvWatch } from '@clipmesh/bus';
import type { JobRecord } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import { isFinal, needsCare, publicState, type PublicJobState } from '@clipmesh/pipeline';
import { encodingOf, type EncodingJob } from './dispatch/encode-ledger';
import type { Surroundings } from './surroundings';

/** What lists and the reconciler need to know of every job without reading it. */
export interface JobEntry {
  readonly name: string;
  readonly id: string;
  readonly revision: number;
  readonly topologyName: string;
  readonly state: PublicJobState;
  readonly isFinal: boolean;
  readonly needsCare: boolean;
  readonly expirationMs: WallTime | undefined;
  /** Only while it is being encoded. */
  readonly encoding: EncodingJob | undefined;
}

export interface ListFilter {
  readonly topologyName?: string;
  readonly state?: PublicJobState;
  readonly after?: string;
  readonly top: number;
}

/** All jobs at a glance, kept by a watch: a bucket can only be read whole. The records stay the truth. */
export class JobIndex {
  private readonly entries = new Map<string, JobEntry>();
  /** Names in order, made anew when names have come or gone. */
  private sorted: readonly string[] | undefined;
  private watch: KvWatch | undefined;
  private listener = (): void => undefined;

  constructor(private readonly around: Pick<Surroundings, 'stores' | 'logger'>) {}

  /** Resolves when it knows all jobs. */
  async start(): Promise<void> {
    const { stores, logger } = this.around;
    this.watch = await stores.jobs.watch('>', {
      onChange: ({ key, value, revision }) => {
        if (value === undefined) {
          this.forget(key, revision);
        } else {
          this.note(value, revision);
        }
      },
      onError: (error) => {
        logger.error({ code: error.code, err: error }, 'a job could not be followed');
      },
    });
  }

  async stop(): Promise<void> {
    await this.watch?.stop();
  }

  /** Also called by who writes, so that a list right after a write knows of it. */
  note(job: JobRecord, revision: number): void {
    const known = this.entries.get(job.name);
    if (known !== undefined && known.revision >= revision) {
      return;
    }
    if (known === undefined) {
      this.sorted = undefined;
    }
    this.entries.set(job.name, entryOf(job, revision));
    this.listener();
  }

  forget(name: string, revision: number): void {
    const known = this.entries.get(name);
    if (known !== undefined && known.revision <= revision) {
      this.entries.delete(name);
      this.sorted = undefined;
    }
  }

  /** Told after every change of a job. */
  onChange(listener: () => void): void {
    this.listener = listener;
  }

  /** The jobs that are being encoded. */
  *encoding(): Iterable<EncodingJob> {
    for (const { encoding } of this.entries.values()) {
      if (encoding !== undefined) {
        yield encoding;
      }
    }
  }

  all(): Iterable<JobEntry> {
    return this.entries.values();
  }

  /** Names in order, one more than asked for when there are more. */
  list(filter: ListFilter): readonly string[] {
    const found: string[] = [];
    for (const name of this.names()) {
      const entry = this.entries.get(name);
      if (entry !== undefined && isListed(entry, filter) && found.push(name) > filter.top) {
        break;
      }
    }
    return found;
  }

  private names(): readonly string[] {
    this.sorted ??= [...this.entries.keys()].sort();
    return this.sorted;
  }
}

function isListed(entry: JobEntry, { topologyName, state, after }: ListFilter): boolean {
  return (
    (after === undefined || entry.name > after) &&
    (topologyName === undefined || entry.topologyName === topologyName) &&
    (state === undefined || entry.state === state)
  );
}

function entryOf(job: JobRecord, revision: number): JobEntry {
  return {
    name: job.name,
    id: job.id,
    revision,
    topologyName: job.topologyName,
    state: publicState(job.state),
    isFinal: isFinal(job.state),
    needsCare: needsCare(job),
    expirationMs: job.expirationMs,
    encoding: encodingOf(job),
  };
}
