import type { CatalogHour, FoldedIndex, SegmentEntry } from '@clipmesh/archive';
import type { KvRecord } from '@clipmesh/bus';
import { BUCKETS, exportPrefix, indexPrefix, originalOfMp4Copy, type VideoRecord } from '@clipmesh/contracts';
import type { ObjectStore } from '@clipmesh/object-store';
import { ExportError, type ErrorCode } from '@clipmesh/errors';
import type { Catalog } from '../catalog/catalog';
import type { Holds } from './holds';
import { isReservation, notFound, type VideoRecords } from './video-records';

const LOST: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['ObjectMissing', 'RecordCorrupt']);

/**
 * Removes videos with their data. The record is marked first and removed last, so that a crash in between is finished
 * by whoever looks next; every step may be done twice.
 */
export class VideoRemoval {
  constructor(
    private readonly videos: VideoRecords,
    private readonly holds: Holds,
    private readonly catalog: Catalog,
    private readonly store: Pick<ObjectStore, 'removeMany' | 'removePrefix'>,
  ) {}

  /** @throws ExportError `VideoInUse` while a live job reads or writes it. */
  async mark(name: string): Promise<VideoRecord> {
    const mark = { isOurs: false };
    const video = await this.videos.change(name, (stands) => {
      if (stands !== undefined && isReservation(stands)) {
        throw inUse(name);
      }
      mark.isOurs = stands !== undefined && stands.deleting !== true;
      return stands === undefined || stands.deleting === true ? undefined : { ...stands, deleting: true };
    });
    if (video === undefined) {
      throw notFound(name);
    }
    // A planner takes its hold first and then looks whether the video is being deleted: one of us sees the other.
    // An earlier mark stays: its removal has begun.
    if (mark.isOurs && (await this.holds.isHeld(video.id))) {
      await this.videos.change(name, (stands) =>
        stands?.id === video.id ? { ...stands, deleting: false } : undefined,
      );
      throw inUse(name);
    }
    return video;
  }

  /** Removes the data of a marked video, then its record. */
  async finish(video: VideoRecord): Promise<void> {
    if (video.type === 'Archive') {
      await this.removeArchive(video.id);
    } else {
      await this.store.removePrefix(BUCKETS.exports, exportPrefix(video.jobId));
    }
    const record = await this.videos.get(video.name);
    if (record?.value.id === video.id) {
      await this.videos.deleteAt(record);
    }
  }

  /** What crashed removals left. One that fails stays marked, and keeps no other from its turn. */
  async finishAll(): Promise<void> {
    const failures: unknown[] = [];
    for await (const { value } of this.videos.store.list()) {
      if (value.deleting === true && !(await this.holds.isHeld(value.id))) {
        await this.finish(value).catch((error: unknown) => failures.push(error));
      }
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }

  /** Segments, then the entries that name them, then the index objects that the entries need until they are gone. */
  private async removeArchive(videoId: string): Promise<void> {
    for await (const record of this.catalog.hoursOfVideo(videoId)) {
      await this.removeHour(videoId, record);
    }
    await this.store.removePrefix(BUCKETS.index, indexPrefix(videoId));
  }

  /** An intake that had begun before the mark may still change the hour: then it is looked at again. */
  private async removeHour(videoId: string, found: KvRecord<CatalogHour>): Promise<void> {
    let record: KvRecord<CatalogHour> | undefined = found;
    while (record !== undefined) {
      const segments = await this.segmentsOf(videoId, record.value);
      await this.store.removeMany(
        BUCKETS.archive,
        segments.flatMap(({ key }) => [key, originalOfMp4Copy(key) ?? []].flat()),
      );
      if (await this.catalog.forgetHour(record)) {
        return;
      }
      record = await this.catalog.reader.getHour(videoId, record.value.hour);
    }
  }

  /** A lost index object must not keep a video from being deleted: what it named stays in the store, unknown. */
  private async segmentsOf(videoId: string, hour: CatalogHour): Promise<readonly SegmentEntry[]> {
    const folded = await Promise.all(hour.folded.map((index) => this.readable(videoId, hour, index)));
    return [...folded.flat(), ...hour.inline];
  }

  private async readable(
    videoId: string,
    hour: CatalogHour,
    index: FoldedIndex,
  ): Promise<readonly SegmentEntry[]> {
    try {
      return await this.catalog.reader.load(videoId, hour, index);
    } catch (error) {
      if (error instanceof ExportError && LOST.has(error.code)) {
        return [];
      }
      throw error;
    }
  }
}

function inUse(name: string): ExportError {
  return new ExportError('VideoInUse', {
    message: `a live job reads or writes the video ${name}`,
    details: { name },
  });
}
