import type { ObjectStore } from '@clipmesh/object-store';
import { BUCKETS, indexPrefix } from '@clipmesh/contracts';
import { HOUR_MS } from '@clipmesh/archive';
import type { Clock } from '../videos/video-records';
import type { Catalog } from './catalog';

export interface HourKeeperOptions {
  /** An hour is closed when it is over, and nothing has come for it, for this long. */
  readonly closeAfterMs: number;
  /** How long an index object that nothing names any more stays, for readers that still know its name. */
  readonly graceMs: number;
}

interface TouchedHour {
  readonly videoId: string;
  readonly hour: number;
  lastTouchMs: number;
  mergedAtMs: number | undefined;
}

/**
 * Closes the hours that this process has put segments into: merges their index objects into one, and later removes those that
 * nothing names. Lost memory does no harm: hours stay readable unmerged, and the next segment of a video's
 * new hour brings its earlier hours here again. Any number of readers may close the same hour.
 */
export class HourKeeper {
  private readonly touched = new Map<string, TouchedHour>();

  constructor(
    private readonly catalog: Catalog,
    private readonly store: Pick<ObjectStore, 'list' | 'removeMany'>,
    private readonly now: Clock,
    private readonly options: HourKeeperOptions,
  ) {}

  touch(videoId: string, hour: number): void {
    if (!this.touched.has(`${videoId}.${hour}`)) {
      this.note(videoId, hour - 1);
    }
    this.note(videoId, hour);
  }

  /** Does what is due now; to be called from time to time. What fails stays due, and keeps no other hour from its turn. */
  async closeHours(): Promise<void> {
    const failures: unknown[] = [];
    for (const [key, touched] of [...this.touched]) {
      await this.tend(key, touched).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }

  private async tend(key: string, touched: TouchedHour): Promise<void> {
    if (touched.mergedAtMs === undefined && this.isClosed(touched)) {
      const result = await this.catalog.mergeHour(touched.videoId, touched.hour);
      touched.mergedAtMs = result === 'merged' ? this.now() : undefined;
    } else if (touched.mergedAtMs !== undefined && this.now() >= touched.mergedAtMs + this.options.graceMs) {
      await this.sweep(touched);
      this.touched.delete(key);
    }
  }

  private note(videoId: string, hour: number): void {
    const lastTouchMs = this.now();
    this.touched.set(`${videoId}.${hour}`, { videoId, hour, lastTouchMs, mergedAtMs: undefined });
  }

  private isClosed({ hour, lastTouchMs }: TouchedHour): boolean {
    return this.now() >= Math.max((hour + 1) * HOUR_MS, lastTouchMs) + this.options.closeAfterMs;
  }

  /** Superseded objects, and those of writers that lost. A young object may be about to be named, and is left. */
  private async sweep({ videoId, hour }: TouchedHour): Promise<void> {
    const record = await this.catalog.reader.getHour(videoId, hour);
    const named = new Set(record?.value.folded.map(({ key }) => key));
    const unnamed: string[] = [];
    for await (const { key, lastModified } of this.store.list(
      BUCKETS.index,
      `${indexPrefix(videoId)}${hour}/`,
    )) {
      if (!named.has(key) && lastModified.getTime() + this.options.graceMs <= this.now()) {
        unnamed.push(key);
      }
    }
    await this.store.removeMany(BUCKETS.index, unnamed);
  }
}
