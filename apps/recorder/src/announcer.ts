import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUCKETS, segmentSubject, type SegmentEvent } from '@clipmesh/contracts';
import { toExportError, type ExportError } from '@clipmesh/pipeline';
import type { Spool } from './spool';

/** What the announcer needs of the object store. */
export interface SegmentStore {
  put(ref: { bucket: string; key: string }, bytes: Uint8Array, options: PutSettings): Promise<unknown>;
  putStream(
    ref: { bucket: string; key: string },
    source: AsyncIterable<Uint8Array>,
    options: PutSettings,
  ): Promise<unknown>;
}

interface PutSettings {
  readonly contentType: string;
  readonly signal: AbortSignal;
}

/** What the announcer needs of the bus: resolves when the stream has the event. */
export interface EventStream {
  publish(
    subject: string,
    body: SegmentEvent,
    options: { readonly msgId: string; readonly signal: AbortSignal },
  ): Promise<{ readonly duplicate: boolean }>;
}

export interface AnnouncerOptions {
  /** Segments in flight at a time. */
  readonly concurrency: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly onAnnounced: (event: SegmentEvent) => void;
  readonly onRetry: (error: ExportError, segment: string, pauseMs: number) => void;
  readonly signal: AbortSignal;
}

/** Put in one request up to here, so that nothing unfinished stays in the store when we are killed. */
const WHOLE_PUT_BYTES = 64 * 1024 * 1024;

/**
 * Brings spooled segments into the store and tells of them: object, then event, then forget. Each step may be repeated,
 * so a segment is tried until it is announced, however long store or bus are away.
 */
export class Announcer {
  private readonly busy = new Set<Promise<void>>();
  private failure: unknown;

  constructor(
    private readonly spool: Spool,
    private readonly store: SegmentStore,
    private readonly bus: EventStream,
    private readonly options: AnnouncerOptions,
  ) {}

  /** Takes a segment on; resolves as soon as there is room for the next one. */
  async add(name: string): Promise<void> {
    const task = this.announceUntilDone(name)
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => this.busy.delete(task));
    this.busy.add(task);
    while (this.busy.size >= this.options.concurrency) {
      await Promise.race(this.busy);
    }
    this.throwIfFailed();
  }

  /** Resolves when all that was added is announced. */
  async finish(): Promise<void> {
    await Promise.all(this.busy);
    this.throwIfFailed();
  }

  private throwIfFailed(): void {
    if (this.failure !== undefined) {
      throw this.failure as Error; // caught above, whatever was thrown there
    }
  }

  private async announceUntilDone(name: string): Promise<void> {
    const { signal, firstPauseMs, longestPauseMs } = this.options;
    const segment = await this.spool.read(name);
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        await this.upload(name, segment.event);
        await this.bus.publish(segmentSubject(segment.video), segment.event, {
          msgId: segment.messageId,
          signal,
        });
        break;
      } catch (error) {
        signal.throwIfAborted();
        this.options.onRetry(toExportError(error), name, pauseMs);
        await sleep(pauseMs, undefined, { signal });
      }
    }
    await this.spool.remove(name);
    this.options.onAnnounced(segment.event);
  }

  private async upload(name: string, event: SegmentEvent): Promise<void> {
    const ref = { bucket: BUCKETS.archive, key: event.object.key };
    const settings = { contentType: 'video/mp4', signal: this.options.signal };
    const path = this.spool.mediaPath(name);
    if ((event.object.bytes ?? Infinity) <= WHOLE_PUT_BYTES) {
      await this.store.put(ref, await readFile(path), settings);
    } else {
      await this.store.putStream(ref, createReadStream(path), settings);
    }
  }
}
