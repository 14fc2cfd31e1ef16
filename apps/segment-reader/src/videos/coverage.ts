import { coverageOf } from '@clipmesh/archive';
import { parseInstant, type CoverageReply, type CoverageRequest } from '@clipmesh/contracts';
import type { TimeRange } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { Catalog } from '../catalog/catalog';
import type { VideoRecords } from './video-records';
import { wireRange } from './video-view';

/** So much can be asked for at a time: a reply holds every gap of it. */
const LONGEST_RANGE_MS = 31 * 24 * 3600_000;

/** What is recorded in a range, from the index alone. */
export class CoverageReader {
  constructor(
    private readonly videos: VideoRecords,
    private readonly catalog: Catalog,
  ) {}

  async read(request: Readonly<CoverageRequest>): Promise<CoverageReply> {
    const range = parseRange(request);
    const video = await this.videos.visible(request.video);
    const recorded = await this.catalog.reader.readSpans(video.id, range);
    const { spans, gaps } = coverageOf(recorded.spans, range, this.catalog.rules.gapThresholdMs);
    return {
      video: video.name,
      ...wireRange(range),
      timeRanges: spans.map(wireRange),
      gaps: gaps.map(wireRange),
      revisions: recorded.revisions,
    };
  }
}

function parseRange({ start, end }: Readonly<CoverageRequest>): TimeRange {
  const startMs = parseInstant(start);
  const endMs = parseInstant(end);
  if (startMs === undefined || endMs === undefined || startMs >= endMs) {
    throw new ExportError('RangeInvalid', {
      message: `[${start}, ${end}) is no range: expected two RFC 3339 times, the first before the second`,
      target: startMs === undefined ? 'start' : 'end',
    });
  }
  if (endMs - startMs > LONGEST_RANGE_MS) {
    throw new ExportError('RangeInvalid', { message: 'at most 31 days can be asked for', target: 'end' });
  }
  return { startMs, endMs };
}
