import { toMovie, type IndexedObject, type MoviePlan } from '@clipmesh/archive';
import { runFfmpeg } from '@clipmesh/ffmpeg';
import { layOutMovie } from '@clipmesh/media';
import { sourceObjects, streamSpans, type ObjectRef, type ObjectStore } from '@clipmesh/object-store';
import { PartOnItsWay } from './store-part';

export interface EncoderLimits {
  /** Threads of one ffmpeg. */
  readonly threads: number;
  /** An ffmpeg that neither reads, writes nor tells of progress for so long is ended. */
  readonly stallMs: number;
  readonly memoryBytes: number;
}

/** A run of ffmpeg over the virtual file of a plan, into an object. */
export interface FeedRun {
  readonly plan: MoviePlan;
  readonly args: readonly string[];
  readonly ref: ObjectRef;
  readonly signal: AbortSignal;
  /** Told of the microseconds of output. */
  readonly onProgress?: (outTimeUs: number) => void;
}

/** Longest that one run may take; a stuck ffmpeg must not hold a worker for ever. */
const TIMEOUT_MS = 12 * 60 * 60_000;

/** Runs ffmpeg between the archive and the store: bytes go through pipes and never touch a disk. */
export class Encoders {
  constructor(
    readonly store: ObjectStore,
    private readonly limits: EncoderLimits,
  ) {}

  get threads(): number {
    return this.limits.threads;
  }

  /** Feeds a plan to ffmpeg, and stores and indexes what it makes of it. */
  async run(run: FeedRun): Promise<IndexedObject> {
    return this.runOn(this.feed(run.plan, run.signal), run);
  }

  /** The same over bytes from elsewhere. */
  async runOn(input: AsyncIterable<Uint8Array>, run: Omit<FeedRun, 'plan'>): Promise<IndexedObject> {
    const { signal, ref, args, onProgress } = run;
    const part = new PartOnItsWay(this.store, ref, signal);
    await runFfmpeg({
      ...this.bounds(),
      args,
      input,
      consume: (output) => part.take(output),
      onProgress: ({ outTimeUs }) => onProgress?.(outTimeUs),
      signal,
    });
    return part.finish();
  }

  /** Stores and indexes the virtual file of a plan as it is. */
  async copy({ plan, ref, signal }: Pick<FeedRun, 'plan' | 'ref' | 'signal'>): Promise<IndexedObject> {
    const part = new PartOnItsWay(this.store, ref, signal);
    await part.take(this.feed(plan, signal));
    return part.finish();
  }

  /** Feeds a plan to ffmpeg, whose output `consume` takes. */
  async pipe(
    run: Pick<FeedRun, 'plan' | 'args' | 'signal'>,
    consume: (output: AsyncIterable<Uint8Array>) => Promise<void>,
  ): Promise<void> {
    const { plan, args, signal } = run;
    await runFfmpeg({ ...this.bounds(), args, input: this.feed(plan, signal), consume, signal });
  }

  /** The same virtual file that a sink would write. */
  private feed(plan: MoviePlan, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const { spans } = layOutMovie(toMovie(plan));
    return streamSpans(this.store, spans, sourceObjects(plan.objects), { signal });
  }

  private bounds() {
    const { stallMs, memoryBytes } = this.limits;
    return { timeoutMs: TIMEOUT_MS, stallMs, memoryBytes };
  }
}
