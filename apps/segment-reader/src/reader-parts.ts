import { jsonCodec, type Bus } from '@clipmesh/bus';
import { CatalogReader, IndexObjects, openCatalogHours } from '@clipmesh/catalog';
import { KV, type HoldRecord, type VideoRecord } from '@clipmesh/contracts';
import type { ObjectStore } from '@clipmesh/object-store';
import { openJobStores, type WorkLog } from '@clipmesh/service-kit';
import { Catalog } from './catalog/catalog';
import { HourKeeper } from './catalog/hour-keeper';
import { IndexRepair } from './catalog/index-repair';
import type { ReaderSettings } from './config';
import { Refusals } from './ingest/refusals';
import { SegmentIntake } from './ingest/segment-intake';
import { TransportStreams } from './ingest/transport-streams';
import { Estimator } from './plan/estimate';
import { FilePlanner } from './plan/file-planner';
import { PlanTask } from './plan/plan-task';
import { ArchiveScan } from './scan/archive-scan';
import { AbandonedClaims } from './videos/abandoned-claims';
import { CoverageReader } from './videos/coverage';
import { Holds } from './videos/holds';
import { OutputVideos } from './videos/output-videos';
import { VideoRemoval } from './videos/remove-video';
import { VideoEvents } from './videos/video-events';
import { VideoRecords, type Clock } from './videos/video-records';
import { VideoRequests } from './videos/video-requests';

type PartsSettings = Pick<
  ReaderSettings,
  | 'gapThresholdMs'
  | 'maxFutureMs'
  | 'hourCloseAfterMs'
  | 'indexGraceMs'
  | 'transportStreamOriginals'
  | 'partSeconds'
> & { readonly inlineLimitBytes?: number };

/** Everything that segment-reader is made of, put together in one place. */
export class ReaderParts {
  readonly videos: VideoRecords;
  readonly holds: Holds;
  readonly catalog: Catalog;
  readonly hours: HourKeeper;
  readonly events: VideoEvents;
  readonly outputs: OutputVideos;
  readonly removal: VideoRemoval;
  readonly abandoned: AbandonedClaims;
  readonly requests: VideoRequests;
  readonly coverage: CoverageReader;
  readonly scan: ArchiveScan;
  readonly intake: SegmentIntake;
  readonly planner: PlanTask;
  readonly estimator: Estimator;

  constructor(
    readonly bus: Bus,
    readonly store: ObjectStore,
    settings: PartsSettings,
    log: WorkLog,
    now: Clock,
  ) {
    this.videos = new VideoRecords(bus.kv(KV.videos, jsonCodec<VideoRecord>(1)), now);
    this.holds = new Holds(bus.kv(KV.holds, jsonCodec<HoldRecord>(1)));
    this.events = new VideoEvents(bus, now);
    this.catalog = this.openCatalog(settings, now);
    this.hours = new HourKeeper(this.catalog, store, now, {
      closeAfterMs: settings.hourCloseAfterMs,
      graceMs: settings.indexGraceMs,
    });
    this.outputs = new OutputVideos(this.videos, this.holds, store);
    this.removal = new VideoRemoval(this.videos, this.holds, this.catalog, store);
    this.abandoned = new AbandonedClaims(this.videos, this.holds, openJobStores(bus).jobs);
    this.requests = new VideoRequests(
      this.videos,
      this.holds,
      this.removal,
      this.events,
      store,
      (error, what) => {
        log.error({ code: error.code, err: error }, `${what} failed; it is tried again`);
      },
    );
    this.coverage = new CoverageReader(this.videos, this.catalog);
    this.scan = new ArchiveScan(store, bus, this.videos, this.catalog, now);
    const files = new FilePlanner(this.catalog.reader, store);
    this.estimator = new Estimator(this.videos, files);
    const { videos, outputs, holds, catalog } = this;
    const partMs = settings.partSeconds * 1000;
    this.planner = new PlanTask(videos, outputs, holds, catalog, files, store, now, partMs);
    this.intake = this.makeIntake(settings, log, now);
  }

  private openCatalog(settings: PartsSettings, now: Clock): Catalog {
    const hours = openCatalogHours(this.bus);
    const objects = new IndexObjects(this.store);
    const nameOf = (videoId: string) => this.videos.nameOf(videoId);
    const { mend } = new IndexRepair(this.store, hours, objects, nameOf, now);
    const reader = new CatalogReader(hours, objects, settings.gapThresholdMs, mend);
    return new Catalog(hours, objects, reader, settings);
  }

  private makeIntake(settings: PartsSettings, log: WorkLog, now: Clock): SegmentIntake {
    const { bus, store, videos, catalog, hours } = this;
    const refusals = new Refusals(bus, now);
    const streams = new TransportStreams(store, settings.transportStreamOriginals);
    return new SegmentIntake(bus, store, videos, catalog, hours, refusals, streams, now, {
      maxFutureMs: settings.maxFutureMs,
      onResult: (result, facts) => {
        if (result === 'refused') {
          log.warn(facts, 'segment refused');
        } else {
          log.debug(facts, `segment ${result}`);
        }
      },
    });
  }
}
