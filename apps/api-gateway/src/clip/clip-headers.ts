import contentDisposition from 'content-disposition';
import { formatInstant } from '@clipmesh/contracts';
import type { TimeRange } from '@clipmesh/media';
import type { ClipQuery } from './clip-query';
import type { LaidOutClip } from './laid-out-clip';

export const CLIP_TYPE = 'video/mp4';
/** A header must stay small; a job's manifest tells all. */
const MOST_TOLD = 32;

/** Headers that every answer about a clip has, whatever part of it is sent. */
export function clipHeaders(query: ClipQuery, clip: LaidOutClip): Record<string, string> {
  const type = query.isDownload ? 'attachment' : 'inline';
  return {
    etag: clip.etag,
    'accept-ranges': 'bytes',
    // Late segments may change it: to be kept, and asked about by its ETag.
    'cache-control': 'private, no-cache',
    'content-disposition': contentDisposition(fileName(query), { type }),
    'clipmesh-delivered': listed(clip.delivered),
    ...(clip.gaps.length === 0 ? {} : { 'clipmesh-gaps': listed(clip.gaps) }),
    ...(clip.warnings.length === 0 ? {} : { 'clipmesh-warnings': [...new Set(clip.warnings)].join(', ') }),
  };
}

/** Colons are forbidden in names of files on some systems. */
function fileName({ video, range }: ClipQuery): string {
  const stamp = (time: TimeRange['startMs']): string =>
    formatInstant(time).replace(/[-:]/g, '').replace('.000', '');
  return `${video}_${stamp(range.startMs)}_${stamp(range.endMs)}.mp4`;
}

function listed(ranges: readonly TimeRange[]): string {
  const told = ranges
    .slice(0, MOST_TOLD)
    .map(({ startMs, endMs }) => `${formatInstant(startMs)}/${formatInstant(endMs)}`);
  return [...told, ...(ranges.length > MOST_TOLD ? [`and ${ranges.length - MOST_TOLD} more`] : [])].join(
    ', ',
  );
}
