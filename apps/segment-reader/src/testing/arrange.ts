import { readFile } from 'node:fs/promises';
import { Bus, ensureTopology, WorkLoop, type WorkMessage } from '@clipmesh/bus';
import {
  BUCKETS,
  KV,
  SEGMENT_CONSUMER,
  segmentSubject,
  STREAMS,
  WORK_CONSUMERS,
  type SegmentEvent,
} from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { ObjectStore, type StoreSettings } from '@clipmesh/object-store';
import type { WorkLog } from '@clipmesh/service-kit';
import type { IntakeResult } from '../ingest/segment-intake';
import { ReaderParts } from '../reader-parts';

interface Endpoints {
  readonly nats: { readonly url: string };
  readonly minio: StoreSettings;
}

export interface TakenEvent {
  readonly result: IntakeResult;
  readonly facts: Readonly<Record<string, unknown>>;
}

interface Options {
  readonly inlineLimitBytes?: number;
  readonly transportStreamOriginals?: 'keep' | 'drop';
}

const SETTINGS = {
  gapThresholdMs: 1_000,
  maxFutureMs: 600_000,
  hourCloseAfterMs: 600_000,
  indexGraceMs: 3600_000,
  transportStreamOriginals: 'keep' as const,
  partSeconds: 20,
};

const ACK_WAIT_MS = 30_000;

/** One reader's parts over real servers, without Nest: what a test needs of segment-reader. */
export class TestReader extends ReaderParts {
  private loop: WorkLoop | undefined;
  private readonly waiting: (() => void)[] = [];

  private constructor(
    bus: Bus,
    store: ObjectStore,
    options: Options,
    /** What the intake has made of events, in order. */
    readonly taken: TakenEvent[],
    readonly clock: { nowMs: number },
    wake: { onResult: () => void },
  ) {
    super(bus, store, { ...SETTINGS, ...options }, intakeLog(taken, wake), () => wallTime(clock.nowMs));
    wake.onResult = () => {
      this.waiting.splice(0).forEach((tell) => {
        tell();
      });
    };
  }

  static async open(endpoints: Endpoints, options: Options = {}): Promise<TestReader> {
    const bus = await Bus.connect({ servers: endpoints.nats.url, name: 'test' });
    await ensureTopology(bus, {
      streams: Object.values(STREAMS),
      kv: Object.values(KV),
      consumers: [SEGMENT_CONSUMER, ...WORK_CONSUMERS],
      ackWaitMs: ACK_WAIT_MS,
    });
    const store = ObjectStore.open(endpoints.minio);
    await Promise.all(Object.values(BUCKETS).map((bucket) => store.ensureBucket(bucket)));
    return new TestReader(bus, store, options, [], { nowMs: Date.now() }, { onResult: () => undefined });
  }

  /** Takes events from the stream from now on. */
  startIntake(slots = 4): void {
    this.loop = new WorkLoop({
      bus: this.bus,
      name: 'test',
      consumers: [SEGMENT_CONSUMER],
      slots,
      ackWaitMs: ACK_WAIT_MS,
      handle: this.intake.handle,
      // The store may be away in a test; what matters is what becomes of the event in the end.
      onError: () => undefined,
    });
    this.loop.start();
  }

  async close(): Promise<void> {
    await this.loop?.stop();
    await this.bus.close();
    this.store.close();
  }

  /** Resolves when so many events of the video have been taken. */
  async hasTaken(video: string, count: number): Promise<readonly TakenEvent[]> {
    for (;;) {
      const ofVideo = this.taken.filter(({ facts }) => facts['video'] === video);
      if (ofVideo.length >= count) {
        return ofVideo;
      }
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }

  async put(key: string, path: string): Promise<void> {
    await this.store.put({ bucket: BUCKETS.archive, key }, await readFile(path));
  }

  async announce(video: string, event: SegmentEvent, msgId = event.object.key): Promise<void> {
    await this.bus.publish(segmentSubject(video), event, { msgId });
  }

  /** Hands an event to the intake without the stream. */
  async take(video: string, event: object): Promise<TakenEvent | undefined> {
    const message: WorkMessage = {
      subject: segmentSubject(video),
      body: event,
      bytes: Buffer.from(JSON.stringify(event)),
      headers: {},
      deliveryCount: 1,
      streamSeq: Math.floor(Math.random() * 1e12),
    };
    await this.intake.handle(message, new AbortController().signal);
    return this.taken.at(-1);
  }
}

/** The intake tells its results to the log: here they are kept. */
function intakeLog(taken: TakenEvent[], wake: { onResult: () => void }): WorkLog {
  const note = (facts: object, message?: string): void => {
    const result = /^segment (indexed|known|refused)$/.exec(message ?? '')?.[1];
    if (result !== undefined) {
      taken.push({ result: result as IntakeResult, facts: facts as TakenEvent['facts'] });
      wake.onResult();
    }
  };
  return { debug: note, info: note, warn: note, error: note };
}
