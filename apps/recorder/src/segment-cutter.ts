import { randomBytes } from 'node:crypto';
import type { SegmentEvent } from '@clipmesh/contracts';
import { BUCKETS, formatInstant } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import type { Fragment } from './fragments';
import { SegmentClock } from './segment-clock';
import { segmentKey, segmentMessageId, segmentName } from './segment-key';
import type { SegmentBytes, Spool, SpooledSegmentWriter } from './spool';

export interface CutterOptions {
  readonly video: string;
  /** Wall time of the first frame. */
  readonly start: WallTime;
  /** A segment ends at the first GOP border at or behind this length. */
  readonly segmentSeconds: number;
}

interface OpenSegment {
  readonly writer: SpooledSegmentWriter;
  readonly start: WallTime;
  ticks: number;
}

/**
 * Cuts fragments into segments in the spool. One cutter lasts for a whole recording, so that the start of each segment
 * is the start of the one before plus its video's duration, over as many streams as there are.
 */
export class SegmentCutter {
  private clock: SegmentClock | undefined;
  private sequence = 0;
  private readonly run = randomBytes(4).toString('hex');

  constructor(
    private readonly spool: Spool,
    private readonly options: CutterOptions,
  ) {}

  get segments(): number {
    return this.sequence;
  }

  /** End of what has been cut so far. */
  get end(): WallTime {
    return this.clock?.now() ?? this.options.start;
  }

  /** Yields each segment's name once it lies in the spool for good. */
  async *cut(fragments: AsyncIterable<Fragment>): AsyncGenerator<string> {
    let segment: OpenSegment | undefined;
    try {
      for await (const fragment of fragments) {
        segment ??= await this.open(fragment);
        await segment.writer.append(fragment.bytes);
        segment.ticks += fragment.videoTicks;
        if (segment.ticks >= this.options.segmentSeconds * fragment.timescale) {
          const full = segment;
          segment = undefined;
          yield await this.close(full);
        }
      }
      if (segment !== undefined) {
        const last = segment;
        segment = undefined;
        yield await this.close(last);
      }
    } finally {
      await segment?.writer.discard();
    }
  }

  private async open(fragment: Fragment): Promise<OpenSegment> {
    this.clock ??= new SegmentClock(this.options.start, fragment.timescale);
    const start = this.clock.now();
    const writer = await this.spool.startSegment(segmentName(start, this.sequence, this.run));
    await writer.append(fragment.init);
    return { writer, start, ticks: 0 };
  }

  private async close(segment: OpenSegment): Promise<string> {
    const written = await segment.writer.finish();
    this.clock?.advance(segment.ticks);
    const name = segmentName(segment.start, this.sequence, this.run);
    const event = this.eventOf(segment.start, written);
    await this.spool.writeSidecar(name, {
      format: 1,
      video: this.options.video,
      messageId: segmentMessageId(event.object.key, written.sha256),
      event,
    });
    this.sequence += 1;
    return name;
  }

  private eventOf(start: WallTime, written: SegmentBytes): SegmentEvent {
    return {
      format: 1,
      video: this.options.video,
      start: formatInstant(start),
      durationMs: this.end - start,
      object: {
        bucket: BUCKETS.archive,
        key: segmentKey(this.options.video, start, this.sequence),
        ...written,
      },
      sequence: this.sequence,
      continuesPrevious: this.sequence > 0,
    };
  }
}
