import type { Bus, WorkMessage } from '@clipmesh/bus';
import { formatInstant, NAME_PATTERN, refusedSubject, type RefusedSegment } from '@clipmesh/contracts';
import type { ErrorCode, ExportError } from '@clipmesh/errors';
import type { Clock } from '../videos/video-records';
import { originalEvent } from './parse-segment-event';

/** What is the segment's, or its recorder's, own fault: no repetition mends it. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SegmentEventInvalid',
  'SegmentMissing',
  'SegmentNotMp4',
  'SegmentTruncated',
  'SegmentCorrupt',
  'SegmentOverlap',
  'SegmentInFuture',
  'SegmentChanged',
  'SegmentTooLong',
  'CodecUnsupported',
  'VideoConflict',
]);

/** What fails so often for a reason that is not in the surroundings will go on failing: a defect, shown as one. */
const DELIVERIES_OF_A_DEFECT = 10;

export function isRefusal(error: ExportError, deliveryCount: number): boolean {
  // A race that was lost, such as with the removal of the video that had this name, is won some time.
  const isSurroundings =
    error.kind === 'unavailable' || error.kind === 'exhausted' || error.code === 'RevisionStale';
  return REFUSALS.has(error.code) || (!isSurroundings && deliveryCount >= DELIVERIES_OF_A_DEFECT);
}

/** Keeps what was refused, with its reason and the original, where operators and recorders can see it. */
export class Refusals {
  constructor(
    private readonly bus: Pick<Bus, 'publish'>,
    private readonly now: Clock,
  ) {}

  async refuse(video: string, message: WorkMessage, error: ExportError): Promise<void> {
    const body: RefusedSegment = {
      format: 1,
      code: error.code,
      message: error.message,
      details: { ...error.details, ...(error.target === undefined ? {} : { target: error.target }) },
      event: originalEvent(message.bytes),
      streamSequence: message.streamSeq,
      at: formatInstant(this.now()),
    };
    // A name that is none must not become a part of a subject.
    const subject = refusedSubject(NAME_PATTERN.test(video) ? video : '_invalid');
    await this.bus.publish(subject, body, { msgId: `refused-${message.streamSeq}` });
  }
}
