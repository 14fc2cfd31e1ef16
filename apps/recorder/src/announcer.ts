import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUCKETS, segmentSubject, type SegmentEvent } from '@clipmesh/contracts';
import { toExportError, type ExportError } from '@clipmesh/errors';
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
  private readonly queue: string[] = [];
  private busy = 0;
  private failure: unknown;
  private idle: () => void = () => undefined;

  constructor(
    private readonly spool: Spool,
    private readonly store: SegmentStore,
    private readonly bus: EventStream,
    private readonly options: AnnouncerOptions,
  ) {}

  /** Takes a segment on and returns at once: recording never waits for the network. */
  add(name: string): void {
    this.queue.push(name);
    this.fill();
  }

  /** Resolves when all that was added is announced. */
  async finish(): Promise<void> {
    if (this.busy > 0) {
      await new Promise<void>((resolve) => {
        this.idle = resolve;
      });
    }
    if (this.failure !== undefined) {
      throw this.failure as Error; // caught in `fill`, whatever was thrown there
    }
  }

  private fill(): void {
    while (this.busy < this.options.concurrency && this.failure === undefined) {
      const name = this.queue.shift();
      if (name === undefined) {
        break;
      }
      this.busy += 1;
      void this.announceUntilDone(name)
        .catch((error: unknown) => {
          this.failure ??= error;
        })
        .finally(() => {
          this.busy -= 1;
          this.fill();
        });
    }
    if (this.busy === 0) {
      this.idle();
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
