import { randomUUID } from 'node:crypto';
import { change, type KvRecord, type KvStore } from '@clipmesh/bus';
import type { ArchiveVideo, FileVideo, VideoRecord } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';

export interface VideoTextFacts {
  readonly title?: string;
  readonly description?: string;
}

export type Clock = () => WallTime;

/** Records of videos by name. Segment-reader alone changes them, any copy of it, by compare-and-set. */
export class VideoRecords {
  constructor(
    readonly store: KvStore<VideoRecord>,
    private readonly now: Clock,
  ) {}

  get(name: string): Promise<KvRecord<VideoRecord> | undefined> {
    return this.store.get(name);
  }

  /** A record that callers may know of: neither a mere reservation nor one that is not there. */
  async visible(name: string): Promise<VideoRecord> {
    const record = await this.store.get(name);
    if (record === undefined || isReservation(record.value)) {
      throw notFound(name);
    }
    return record.value;
  }

  /** Looks through all records: for what is rare. */
  async nameOf(videoId: string): Promise<string | undefined> {
    for await (const { value } of this.store.list()) {
      if (value.id === videoId) {
        return value.name;
      }
    }
    return undefined;
  }

  /**
   * The archive of this name, made when there is none; two readers at once get the same one.
   * @throws ExportError `VideoConflict` when the name belongs to a file.
   */
  async ensureArchive(name: string, texts: VideoTextFacts = {}): Promise<ArchiveVideo> {
    for (;;) {
      const record = await this.store.get(name);
      if (record !== undefined) {
        return asArchive(record.value);
      }
      const made = this.newArchive(name, texts);
      if ((await this.store.create(name, made)) !== undefined) {
        return made;
      }
    }
  }

  /** Notes that the archive has had data; written once in its life. */
  async noteData(archive: ArchiveVideo): Promise<void> {
    if (archive.hasData) {
      return;
    }
    await this.change(archive.name, (video) =>
      video?.id === archive.id && video.type === 'Archive' && !video.hasData
        ? { ...video, hasData: true }
        : undefined,
    );
  }

  /** `decide` as in `change`; what it returns gets the time of the change. */
  async change(
    name: string,
    decide: (video: VideoRecord | undefined) => VideoRecord | undefined,
  ): Promise<VideoRecord | undefined> {
    const { record } = await change(this.store, name, (video) => {
      const next = decide(video);
      return next === undefined ? undefined : { ...next, lastModifiedAtMs: this.now() };
    });
    return record?.value;
  }

  /** Frees a name that the job has reserved; a video that is published meanwhile stays. */
  async dropReservation(name: string, jobId: string): Promise<void> {
    const record = await this.store.get(name);
    if (record === undefined || !isReservation(record.value) || record.value.jobId !== jobId) {
      return;
    }
    await this.deleteAt(record);
  }

  /** Deletes a record as it was read; one that somebody else has changed or deleted since is left to them. */
  async deleteAt(record: KvRecord<VideoRecord>): Promise<void> {
    try {
      await this.store.delete(record.key, record.revision);
    } catch (error) {
      if (!(error instanceof ExportError && error.code === 'RevisionStale')) {
        throw error;
      }
    }
  }

  newArchive(name: string, texts: VideoTextFacts): ArchiveVideo {
    return { ...this.newFacts(name, texts), type: 'Archive', hasData: false };
  }

  newFile(name: string, texts: VideoTextFacts, file: Pick<FileVideo, 'jobId' | 'visibility'>): FileVideo {
    return { ...this.newFacts(name, texts), type: 'File', ...file };
  }

  private newFacts(name: string, texts: VideoTextFacts) {
    const now = this.now();
    return { format: 1 as const, id: randomUUID(), name, ...texts, createdAtMs: now, lastModifiedAtMs: now };
  }
}

export const isReservation = (video: VideoRecord): video is FileVideo =>
  video.type === 'File' && video.visibility === 'reserved';

export function notFound(name: string): ExportError {
  return new ExportError('VideoNotFound', {
    message: `there is no video ${JSON.stringify(name)}`,
    details: { name },
  });
}

/** @throws ExportError `VideoConflict` when the name belongs to a file. */
export function asArchive(video: VideoRecord): ArchiveVideo {
  if (video.type === 'Archive') {
    return video;
  }
  throw new ExportError('VideoConflict', {
    message: `the video ${video.name} is an exported file; nothing can be recorded to it`,
    details: { name: video.name },
  });
}
