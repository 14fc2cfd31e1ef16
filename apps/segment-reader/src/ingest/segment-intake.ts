import type { ObjectStore } from '@clipmesh/object-store';
import { hourOf, type CatalogHour, type SegmentEntry } from '@clipmesh/archive';
import type { Bus, KvRecord, Settlement, WorkMessage } from '@clipmesh/bus';
import {
  BUCKETS,
  eventSubject,
  formatInstant,
  mp4CopyKey,
  segmentSubject,
  type ArchiveVideo,
  type SegmentIndexed,
} from '@clipmesh/contracts';
import { ExportError, toExportError } from '@clipmesh/errors';
import type { Catalog } from '../catalog/catalog';
import type { HourKeeper } from '../catalog/hour-keeper';
import { asArchive, type Clock, type VideoRecords } from '../videos/video-records';
import { indexSegment, type IndexingLimits } from './index-segment';
import { parseSegmentEvent, type AnnouncedSegment } from './parse-segment-event';
import { isRefusal, type Refusals } from './refusals';
import { isNamedTransportStream, type TransportStreams } from './transport-streams';

const SUBJECT_PREFIX = segmentSubject('');

/** What became of an event, for the log and the figures. */
export type IntakeResult = 'indexed' | 'known' | 'refused';

export interface IntakeOptions extends IndexingLimits {
  readonly onResult: (result: IntakeResult, facts: Readonly<Record<string, unknown>>) => void;
}

/** Takes recorders' events: parse, read, admit. Ends in the index or in a refusal; anything else is tried again. */
export class SegmentIntake {
  constructor(
    private readonly bus: Pick<Bus, 'nudge'>,
    private readonly store: Pick<ObjectStore, 'head' | 'open' | 'read'>,
    private readonly videos: VideoRecords,
    private readonly catalog: Catalog,
    private readonly hours: HourKeeper,
    private readonly refusals: Refusals,
    private readonly streams: TransportStreams,
    private readonly now: Clock,
    private readonly options: IntakeOptions,
  ) {}

  readonly handle = async (message: WorkMessage, signal: AbortSignal): Promise<Settlement> => {
    const video = message.subject.slice(SUBJECT_PREFIX.length);
    try {
      const announced = parseSegmentEvent(video, message.bytes);
      const result = await this.take(announced, signal);
      this.options.onResult(result, { video, key: announced.key });
    } catch (thrown) {
      const error = toExportError(thrown);
      if (signal.aborted || !isRefusal(error, message.deliveryCount)) {
        throw thrown;
      }
      await this.refusals.refuse(video, message, error);
      this.options.onResult('refused', { video, code: error.code, reason: error.message });
    }
    return { kind: 'ack' };
  };

  private async take(announced: AnnouncedSegment, signal: AbortSignal): Promise<IntakeResult> {
    const before = await this.archiveNow(announced.video);
    const seen = before && (await this.catalog.reader.getHour(before.id, hourOf(announced.startMs)));
    if (
      before !== undefined &&
      seen !== undefined &&
      (await this.isKnown(before.id, seen, announced, signal))
    ) {
      return 'known';
    }
    const entry = await this.index(announced, signal);
    const archive = before ?? (await this.videos.ensureArchive(announced.video));
    const admitted = await this.catalog.admit(archive.id, entry, seen);
    this.hours.touch(archive.id, hourOf(entry.startMs));
    await this.videos.noteData(archive);
    await this.checkStillThere(archive, entry);
    await this.streams.settle(announced, entry.key, signal);
    if (admitted === 'known') {
      return 'known';
    }
    this.tell(archive, entry);
    return 'indexed';
  }

  /** Says a conflict, or a removal, before the object is read for nothing. */
  private async archiveNow(name: string): Promise<ArchiveVideo | undefined> {
    const video = (await this.videos.get(name))?.value;
    if (video === undefined) {
      return undefined;
    }
    const archive = asArchive(video);
    if (archive.deleting === true) {
      throw goingAway(name);
    }
    return archive;
  }

  /** What is no MP4 may be a transport stream, whatever its name. */
  private async index(announced: AnnouncedSegment, signal: AbortSignal): Promise<SegmentEntry> {
    const read = (segment: AnnouncedSegment) =>
      indexSegment(this.store, segment, this.options, this.now(), signal);
    if (isNamedTransportStream(announced.key)) {
      return read((await this.streams.copy(announced, signal)) ?? announced);
    }
    try {
      return await read(announced);
    } catch (error) {
      const copy = isNoMp4(error) ? await this.streams.copy(announced, signal) : undefined;
      if (copy === undefined) {
        throw error;
      }
      return read(copy);
    }
  }

  /** A nudge, not a promise: an acknowledged event for each segment would cost as much as its index. */
  private tell(archive: ArchiveVideo, entry: SegmentEntry): void {
    const body: SegmentIndexed = {
      format: 1,
      video: archive.name,
      start: formatInstant(entry.startMs),
      end: formatInstant(entry.endMs),
      key: entry.key,
    };
    this.bus.nudge(eventSubject('segment', archive.id, 'indexed'), body);
  }

  /** The same event again costs one look at the object and none at its bytes. */
  private async isKnown(
    videoId: string,
    { value: hour }: KvRecord<CatalogHour>,
    announced: AnnouncedSegment,
    signal: AbortSignal,
  ): Promise<boolean> {
    const keys = [announced.key, mp4CopyKey(announced.key)];
    const [known] = await this.catalog.reader.holding(videoId, hour, keys, signal);
    if (known === undefined) {
      return false;
    }
    const head = await this.store.head({ bucket: BUCKETS.archive, key: known.key }, { signal });
    if (head?.etag !== known.etag) {
      return false;
    }
    await this.streams.settle(announced, known.key, signal);
    return true;
  }

  /** A video deleted meanwhile must not leave an index behind; the event then comes again, to a video of its own. */
  private async checkStillThere({ id, name }: ArchiveVideo, entry: SegmentEntry): Promise<void> {
    const video = (await this.videos.get(name))?.value;
    if (video?.id !== id || video.deleting === true) {
      await this.catalog.withdraw(id, entry);
      throw goingAway(name);
    }
  }
}

/** Retried: when the video is gone, the segment begins a new one. */
function goingAway(name: string): ExportError {
  return new ExportError('RevisionStale', { message: `the video ${name} is being deleted` });
}

function isNoMp4(error: unknown): boolean {
  return error instanceof ExportError && error.code === 'SegmentNotMp4';
}
