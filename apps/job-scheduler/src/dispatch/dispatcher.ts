import type { KvWatch, StopListening } from '@clipmesh/bus';
import {
  partProgressSubject,
  progressSubject,
  type PartProgress,
  type TaskRecord,
} from '@clipmesh/contracts';
import { toExportError } from '@clipmesh/errors';
import { startTask } from '../duties/start-task';
import type { JobDriver } from '../job-driver';
import type { JobIndex } from '../job-index';
import type { JobService } from '../job-service';
import { nowOf, type Surroundings } from '../surroundings';
import { JobLedger, type EncodingJob } from './encode-ledger';
import { EncodeProgress } from './encode-progress';
import { chooseNext, type Candidate } from './fair-share';

/** A job in encoding: what has become of its tasks, and what workers tell of those that they have in hand. */
interface Encoding {
  readonly ledger: JobLedger;
  progress: EncodeProgress | undefined;
}

/**
 * Hands out the encode tasks of all jobs, a window of them at a time, and follows how far they are. Every copy follows; the
 * one that leads hands out. What it knows comes from the records, so nothing is lost with it.
 */
export class Dispatcher {
  private readonly encodings = new Map<string, Encoding>();
  private watch: KvWatch | undefined;
  private unlisten: StopListening = () => Promise.resolve();
  private round: Promise<void> | undefined;
  private isWanted = false;
  private slots = 1;

  constructor(
    private readonly around: Surroundings,
    private readonly index: JobIndex,
    private readonly service: JobService,
    private readonly driver: JobDriver,
    private readonly isLeader: () => boolean,
  ) {}

  /** Resolves when it knows all encode tasks. */
  async start(): Promise<void> {
    const { stores, bus, logger } = this.around;
    this.watch = await stores.tasks.watch('*.encode.*', {
      onChange: ({ value }) => {
        if (value !== undefined) {
          this.note(value);
        }
      },
      onError: (error) => {
        logger.error({ code: error.code, err: error }, 'an encode task could not be followed');
      },
    });
    this.index.onChange(() => {
      this.wake();
    });
    this.unlisten = bus.onNudge(partProgressSubject('*'), (body) => {
      // Ours, by its subject; what is lost or unreadable is told again.
      this.noteProgress(body as PartProgress | undefined);
    });
    this.wake();
  }

  async stop(): Promise<void> {
    await this.unlisten();
    await this.watch?.stop();
    await this.round;
  }

  /** Hands out what there is room for; at once, or right after the round that is going on. */
  wake(): void {
    this.isWanted = true;
    this.round ??= this.rounds().finally(() => {
      this.round = undefined;
    });
  }

  /** Counts the slots of all encoder-workers that live, and looks whether anything was missed. */
  async look(): Promise<void> {
    let slots = 0;
    for await (const { value } of this.around.stores.workers.list()) {
      slots += value.stages.includes('encode') ? value.slots : 0;
    }
    this.slots = Math.max(slots, 1);
    this.forgetOthers();
    this.wake();
    await this.round;
  }

  /** Tells how far each job is; nobody else does. */
  async tell(): Promise<void> {
    const jobs = [...this.index.encoding()].filter(
      ({ id }) => (this.encodings.get(id)?.ledger.dispatched ?? 0) > 0,
    );
    await Promise.all(jobs.map((job) => this.tellOf(job)));
  }

  private note({ jobId, task, state }: TaskRecord): void {
    const encoding = this.encodingOf(jobId);
    encoding.ledger.note(task, state);
    if (state !== 'running') {
      encoding.progress?.forget(task);
      this.wake();
    }
  }

  private noteProgress(told: PartProgress | undefined): void {
    if (told !== undefined) {
      this.encodings.get(told.jobId)?.progress?.note(told.task, told.percent, told.attempt);
    }
  }

  private encodingOf(jobId: string): Encoding {
    const known = this.encodings.get(jobId) ?? { ledger: new JobLedger(), progress: undefined };
    this.encodings.set(jobId, known);
    return known;
  }

  private async rounds(): Promise<void> {
    while (this.isWanted && this.isLeader()) {
      this.isWanted = false;
      try {
        await this.handOut();
      } catch (thrown) {
        const error = toExportError(thrown);
        this.around.logger.warn({ code: error.code, err: error }, 'encode tasks could not be handed out now');
        return;
      }
    }
  }

  private async handOut(): Promise<void> {
    const candidates = [...this.index.encoding()].map((job): Candidate => {
      return { job, ledger: this.encodings.get(job.id)?.ledger ?? new JobLedger() };
    });
    await Promise.all(
      candidates.filter(({ job, ledger }) => ledger.isDone(job.tasks)).map(({ job }) => this.finish(job)),
    );
    // None waits for a slot beyond those in hand: whoever comes next would have to wait behind it. Between two tasks a slot
    // is idle for milliseconds, and at work for seconds.
    for (const { job } of chooseNext(candidates, this.slots)) {
      await this.dispatch(job);
    }
  }

  private async dispatch({ id, name, tasks }: EncodingJob): Promise<void> {
    const { ledger } = this.encodingOf(id);
    const task = ledger.peek(tasks);
    const stored = task === undefined ? undefined : await this.service.find(name);
    if (task === undefined || stored?.value.id !== id || stored.value.state !== 'encoding') {
      return;
    }
    const found = await startTask(this.around, stored.value, 'encode', task);
    ledger.note(task, found?.state ?? 'queued');
  }

  /** All tasks are done, as far as is known here: the records say whether that is so. */
  private async finish({ id, name }: EncodingJob): Promise<void> {
    const stored = await this.service.find(name);
    if (stored?.value.id === id && stored.value.state === 'encoding') {
      await this.driver.advance(stored);
    }
  }

  private async tellOf(job: EncodingJob): Promise<void> {
    const { id } = job;
    const { bus, stores } = this.around;
    const encoding = this.encodingOf(id);
    encoding.progress ??= await this.goOn(job);
    const record = encoding.progress.read(encoding.ledger, nowOf(this.around));
    bus.nudge(progressSubject(id), record);
    await stores.progress.put(id, record);
  }

  /** Goes on from what the leader before has told. */
  private async goOn({ id, tasks, durationMs }: EncodingJob): Promise<EncodeProgress> {
    const told = (await this.around.stores.progress.get(id))?.value;
    return new EncodeProgress(tasks, durationMs, told?.phase === 'encoding' ? told.percent / 100 : 0);
  }

  private forgetOthers(): void {
    const live = new Set([...this.index.encoding()].map(({ id }) => id));
    for (const id of this.encodings.keys()) {
      if (!live.has(id)) {
        this.encodings.delete(id);
      }
    }
  }
}
