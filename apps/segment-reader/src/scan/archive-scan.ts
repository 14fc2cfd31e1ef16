import { hourOf } from '@clipmesh/archive';
import type { Bus } from '@clipmesh/bus';
import {
  BUCKETS,
  DEFAULT_TIME_PATTERN,
  formatInstant,
  originalOfMp4Copy,
  segmentSubject,
  type ScanReply,
  type ScanRequest,
  type SegmentEvent,
  type SegmentEventObject,
} from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import type { ListedObject, ObjectStore } from '@clipmesh/object-store';
import type { Catalog } from '../catalog/catalog';
import type { Clock, VideoRecords } from '../videos/video-records';
import { KnownKeys } from './known-keys';
import { compileTimePattern } from './time-pattern';

const DEFAULT_LIMIT = 1_000;
const DEFAULT_MIN_AGE_SECONDS = 60;
const SAMPLES = 10;

type Finding = 'known' | 'announced' | 'announcedBefore' | 'unreadable' | 'tooYoung';

/** A request with its defaults filled in. */
interface ScanRules {
  readonly video: string;
  readonly prefix: string;
  readonly dryRun: boolean;
  readonly limit: number;
  readonly bornBeforeMs: number;
  readonly startOf: (key: string) => WallTime | undefined;
}

function rulesOf(request: Readonly<ScanRequest>, now: WallTime): ScanRules {
  const { video, prefix = `${video}/`, timePattern = DEFAULT_TIME_PATTERN } = request;
  const { minAgeSeconds = DEFAULT_MIN_AGE_SECONDS } = request;
  const readStart = compileTimePattern(timePattern);
  return {
    video,
    prefix,
    dryRun: request.dryRun ?? false,
    limit: request.limit ?? DEFAULT_LIMIT,
    // The store's clock may be ahead of ours: 0 asks for no age at all.
    bornBeforeMs: minAgeSeconds === 0 ? Infinity : now - minAgeSeconds * 1000,
    // A copy is announced as its original, which may have been dropped.
    startOf: (key) => readStart(announcedKey(key).slice(prefix.length)),
  };
}

/** Looks through the store for segments that the index does not know, and announces them as their recorder would. */
export class ArchiveScan {
  constructor(
    private readonly store: Pick<ObjectStore, 'list'>,
    private readonly bus: Pick<Bus, 'publish'>,
    private readonly videos: VideoRecords,
    private readonly catalog: Catalog,
    private readonly now: Clock,
  ) {}

  async scan(request: Readonly<ScanRequest>): Promise<ScanReply> {
    const rules = rulesOf(request, this.now());
    const known = new KnownKeys(this.catalog.reader, (await this.videos.get(rules.video))?.value.id);
    const report = new ScanReport();
    let last: string | undefined;
    let after: string | undefined;
    const objects = this.store.list(BUCKETS.archive, rules.prefix, { startAfter: request.after });
    for await (const object of objects) {
      if (report.scanned === rules.limit) {
        after = last;
        break;
      }
      last = object.key;
      report.note(await this.look(object, rules, known), object.key, rules.startOf(object.key));
    }
    const { video, prefix, dryRun } = rules;
    return { video, prefix, dryRun, ...report.facts(), ...(after === undefined ? {} : { after }) };
  }

  private async look(object: ListedObject, rules: ScanRules, known: KnownKeys): Promise<Finding> {
    const start = rules.startOf(object.key);
    if (start === undefined) {
      return 'unreadable';
    }
    if (await known.has(announcedKey(object.key), hourOf(start))) {
      return 'known';
    }
    if (object.lastModified.getTime() > rules.bornBeforeMs) {
      return 'tooYoung';
    }
    return rules.dryRun ? 'announced' : this.announce(rules.video, object, start);
  }

  /** Deterministic, so that scanning again is harmless: the stream drops it, or the index knows it. */
  private async announce(video: string, object: ListedObject, start: WallTime): Promise<Finding> {
    const event: SegmentEvent = {
      format: 1,
      video,
      start: formatInstant(start),
      object: announcedObject(object),
      reason: 'scan',
    };
    const { duplicate } = await this.bus.publish(segmentSubject(video), event, {
      msgId: `scan:${video}:${object.key}:${object.etag}`,
    });
    return duplicate ? 'announcedBefore' : 'announced';
  }
}

const announcedKey = (key: string): string => originalOfMp4Copy(key) ?? key;

function announcedObject({ key, sizeBytes }: ListedObject): SegmentEventObject {
  const original = originalOfMp4Copy(key);
  return original === undefined
    ? { bucket: BUCKETS.archive, key, bytes: sizeBytes }
    : { bucket: BUCKETS.archive, key: original };
}

class ScanReport {
  private readonly counts: Record<Finding, number> = {
    known: 0,
    announced: 0,
    announcedBefore: 0,
    unreadable: 0,
    tooYoung: 0,
  };
  private readonly announced: { key: string; start: string }[] = [];
  private readonly unreadable: string[] = [];

  get scanned(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  note(finding: Finding, key: string, start?: WallTime): void {
    this.counts[finding] += 1;
    if (finding === 'announced' && start !== undefined && this.announced.length < SAMPLES) {
      this.announced.push({ key, start: formatInstant(start) });
    }
    if (finding === 'unreadable' && this.unreadable.length < SAMPLES) {
      this.unreadable.push(key);
    }
  }

  facts() {
    return {
      scanned: this.scanned,
      ...this.counts,
      samples: { announced: this.announced, unreadable: this.unreadable },
    };
  }
}
