import type { CatalogHour, SegmentEntry } from '@clipmesh/archive';
import { BUCKETS, exportPrefix, indexPrefix, originalOfMp4Copy, type VideoRecord } from '@clipmesh/contracts';
import type { ObjectStore } from '@clipmesh/object-store';
import { ExportError } from '@clipmesh/errors';
import type { Catalog } from '../catalog/catalog';
import type { Holds } from './holds';
import { isReservation, notFound, type VideoRecords } from './video-records';

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

  /** What crashed removals left. */
  async finishAll(): Promise<void> {
    for await (const { value } of this.videos.store.list()) {
      if (value.deleting === true && !(await this.holds.isHeld(value.id))) {
        await this.finish(value);
      }
    }
  }

  /** Segments, then the entries that name them, then the index objects that the entries need until they are gone. */
  private async removeArchive(videoId: string): Promise<void> {
    for await (const { value: hour } of this.catalog.hoursOfVideo(videoId)) {
      const segments = await this.segmentsOf(videoId, hour);
      await this.store.removeMany(
        BUCKETS.archive,
        segments.flatMap(({ key }) => [key, originalOfMp4Copy(key) ?? []].flat()),
      );
      await this.catalog.forgetHour(videoId, hour.hour);
    }
    await this.store.removePrefix(BUCKETS.index, indexPrefix(videoId));
  }

  /** A lost index object must not keep a video from being deleted: what it named stays in the store, unknown. */
  private async segmentsOf(videoId: string, hour: CatalogHour): Promise<readonly SegmentEntry[]> {
    try {
      return await this.catalog.reader.segmentsOf(videoId, hour);
    } catch (error) {
      if (error instanceof ExportError && error.code === 'ObjectMissing') {
        return hour.inline;
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
