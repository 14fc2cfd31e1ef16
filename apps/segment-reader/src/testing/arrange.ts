import { readFile } from 'node:fs/promises';
import { Bus, ensureTopology, jsonCodec, WorkLoop, type WorkMessage } from '@clipmesh/bus';
import {
  BUCKETS,
  KV,
  SEGMENT_CONSUMER,
  segmentSubject,
  STREAMS,
  WORK_CONSUMERS,
  type HoldRecord,
  type SegmentEvent,
  type VideoRecord,
} from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { ObjectStore } from '@clipmesh/object-store';
import { Catalog, catalogCodec } from '../catalog/catalog';
import { HourKeeper } from '../catalog/hour-keeper';
import { IndexObjects } from '../catalog/index-objects';
import { Refusals } from '../ingest/refusals';
import { SegmentIntake, type IntakeResult } from '../ingest/segment-intake';
import { ArchiveScan } from '../scan/archive-scan';
import { CoverageReader } from '../videos/coverage';
import { Holds } from '../videos/holds';
import { OutputVideos } from '../videos/output-videos';
import { VideoRemoval } from '../videos/remove-video';
import { VideoEvents } from '../videos/video-events';
import { VideoRecords } from '../videos/video-records';
import { VideoRequests } from '../videos/video-requests';

interface Endpoints {
  readonly nats: { readonly url: string };
  readonly minio: {
    readonly endpoint: string;
    readonly accessKey: string;
    readonly secretKey: string;
    readonly region: string;
  };
}

export interface TakenEvent {
  readonly result: IntakeResult;
  readonly facts: Readonly<Record<string, unknown>>;
}

const SETTINGS = { gapThresholdMs: 1_000, maxFutureMs: 600_000, closeAfterMs: 600_000, graceMs: 3600_000 };

/** One reader's parts over real servers, without Nest: what a test needs of segment-reader. */
export class TestReader {
  readonly store: ObjectStore;
  readonly videos: VideoRecords;
  readonly holds: Holds;
  readonly catalog: Catalog;
  readonly hours: HourKeeper;
  readonly outputs: OutputVideos;
  readonly removal: VideoRemoval;
  readonly coverage: CoverageReader;
  readonly archiveScan: ArchiveScan;
  readonly requests: VideoRequests;
  readonly intake: SegmentIntake;
  /** What the intake has made of events, in order. */
  readonly taken: TakenEvent[] = [];
  nowMs = Date.now();
  private readonly waiting: (() => void)[] = [];
  private loop: WorkLoop | undefined;

  private constructor(
    readonly bus: Bus,
    endpoints: Endpoints,
    options: { readonly inlineLimitBytes?: number },
  ) {
    const now = () => wallTime(this.nowMs);
    this.store = ObjectStore.open(endpoints.minio);
    this.videos = new VideoRecords(bus.kv(KV.videos, jsonCodec<VideoRecord>(1)), now);
    this.holds = new Holds(bus.kv(KV.holds, jsonCodec<HoldRecord>(1)));
    this.catalog = new Catalog(bus.kv(KV.catalog, catalogCodec), new IndexObjects(this.store), {
      ...SETTINGS,
      ...options,
    });
    this.hours = new HourKeeper(this.catalog, this.store, now, SETTINGS);
    this.outputs = new OutputVideos(this.videos, this.holds);
    this.removal = new VideoRemoval(this.videos, this.holds, this.catalog, this.store);
    this.coverage = new CoverageReader(this.videos, this.catalog);
    this.archiveScan = new ArchiveScan(this.store, bus, this.videos, this.catalog, now);
    this.requests = new VideoRequests(
      this.videos,
      this.holds,
      this.removal,
      new VideoEvents(bus, now),
      this.store,
      (error) => {
        throw error;
      },
    );
    this.intake = new SegmentIntake(
      bus,
      this.store,
      this.videos,
      this.catalog,
      this.hours,
      new Refusals(bus, now),
      now,
      {
        ...SETTINGS,
        onResult: (result, facts) => {
          this.taken.push({ result, facts });
          this.waiting.splice(0).forEach((wake) => {
            wake();
          });
        },
      },
    );
  }

  static async open(
    endpoints: Endpoints,
    options: { readonly inlineLimitBytes?: number } = {},
  ): Promise<TestReader> {
    const bus = await Bus.connect({ servers: endpoints.nats.url, name: 'test' });
    await ensureTopology(bus, {
      streams: Object.values(STREAMS),
      kv: Object.values(KV),
      consumers: [SEGMENT_CONSUMER, ...WORK_CONSUMERS],
      ackWaitMs: 30_000,
    });
    const reader = new TestReader(bus, endpoints, options);
    await Promise.all(Object.values(BUCKETS).map((bucket) => reader.store.ensureBucket(bucket)));
    return reader;
  }

  /** Takes events from the stream from now on. */
  startIntake(slots = 4): void {
    this.loop = new WorkLoop({
      bus: this.bus,
      name: 'test',
      consumers: [SEGMENT_CONSUMER],
      slots,
      ackWaitMs: 30_000,
      handle: this.intake.handle,
      onError: (error) => {
        this.taken.push({ result: 'refused', facts: { unexpected: error.code, message: error.message } });
      },
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
