import type { Bus } from '@clipmesh/bus';
import {
  eventSubject,
  formatInstant,
  segmentSubject,
  type SegmentEvent,
  type SegmentIndexed,
} from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import type { ArchiveHour } from './archive-hour';

const START_MS = Date.UTC(2026, 9, 1, 5);
const PUBLISHES_AT_ONCE = 16;

/** Announces segments as recorders do, and hears when they are indexed. */
export class Announcer {
  private readonly indexedAt = new Map<string, number>();
  private wake: (() => void) | undefined;
  private runs = 0;

  constructor(
    private readonly bus: Bus,
    private readonly archive: ArchiveHour,
    private readonly segmentSeconds: number,
  ) {
    bus.onNudge(eventSubject('segment', '*', 'indexed'), (body) => {
      const { video, key } = body as SegmentIndexed; // our own service's message
      this.indexedAt.set(`${video} ${key}`, performance.now());
      this.wake?.();
    });
  }

  /** All segments of some cameras as fast as they go, and waits until all are indexed. */
  async announce(name: string, cameras: number): Promise<{ segments: number; mediaBytes: number }> {
    const events = this.archive.entries.flatMap(({ key }, n) =>
      Array.from({ length: cameras }, (_, camera) => this.event(`${name}-${String(camera)}`, key, n)),
    );
    for (let i = 0; i < events.length; i += PUBLISHES_AT_ONCE) {
      await Promise.all(events.slice(i, i + PUBLISHES_AT_ONCE).map((event) => this.publish(event)));
    }
    await this.allIndexed(events);
    return { segments: events.length, mediaBytes: cameras * this.archive.sizeBytes };
  }

  /** Milliseconds from publication to index of each segment, published evenly at so many a second. */
  async lagsAt(rate: number, seconds: number): Promise<number[]> {
    const count = Math.ceil(rate * seconds);
    const published: { readonly event: SegmentEvent; readonly at: number }[] = [];
    const startedAt = performance.now();
    for (let n = 0; n < count; n++) {
      const { entries } = this.archive;
      const place = n % entries.length;
      const camera = `lag-${String(Math.floor(n / entries.length))}`;
      const event = this.event(camera, entries[place]?.key ?? '', place);
      await until(startedAt + (n * 1000) / rate);
      published.push({ event, at: performance.now() });
      void this.publish(event);
    }
    await this.allIndexed(published.map(({ event }) => event));
    return published.map(({ event, at }) => (this.indexedAt.get(idOf(event)) ?? Infinity) - at);
  }

  private event(video: string, key: string, number: number): SegmentEvent {
    const startMs = START_MS + number * this.segmentSeconds * 1000;
    return { format: 1, video, start: formatInstant(wallTime(startMs)), object: { key } };
  }

  private async publish(event: SegmentEvent): Promise<void> {
    await this.bus.publish(segmentSubject(event.video ?? ''), event, {
      msgId: `bench-${String(this.runs++)}`,
    });
  }

  private async allIndexed(events: readonly SegmentEvent[]): Promise<void> {
    while (!events.every((event) => this.indexedAt.has(idOf(event)))) {
      await new Promise<void>((wake) => {
        this.wake = wake;
      });
    }
  }
}

const idOf = ({ video, object }: SegmentEvent): string => `${video ?? ''} ${object.key}`;

async function until(instant: number): Promise<void> {
  const waitMs = instant - performance.now();
  if (waitMs > 0) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
