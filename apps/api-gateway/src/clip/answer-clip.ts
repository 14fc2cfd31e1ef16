import { readRanges } from '../http/byte-ranges';
import { contentRange, multipartRanges } from '../http/multipart-ranges';
import { checkPreconditions, rangeApplies, type ConditionalHeaders } from '../http/preconditions';
import { CLIP_TYPE } from './clip-headers';
import type { LaidOutClip } from './laid-out-clip';
import { sliceClip } from './slice-clip';
import type { Span } from '@clipmesh/media';

/** What is said about a clip, and which bytes are sent. */
export interface ClipAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Span[];
}

interface RangeHeaders extends ConditionalHeaders {
  readonly range?: string | undefined;
}

/** Decides by the request's headers (RFC 9110 §13, §14). A `Range` is for GET only. */
export function answerClip(clip: LaidOutClip, method: string, headers: RangeHeaders): ClipAnswer {
  const precondition = checkPreconditions(headers, clip.etag);
  if (precondition === 'failed') {
    return { status: 412, headers: { 'content-length': '0' }, body: [] };
  }
  if (precondition === 'unchanged') {
    return { status: 304, headers: {}, body: [] };
  }
  if (method !== 'GET') {
    return { ...wholeOf(clip), body: [] };
  }
  return rangeApplies(headers, clip.etag) ? answerRanges(clip, headers.range) : wholeOf(clip);
}

function wholeOf({ sizeBytes, spans }: LaidOutClip): ClipAnswer {
  return {
    status: 200,
    headers: { 'content-type': CLIP_TYPE, 'content-length': String(sizeBytes) },
    body: spans,
  };
}

function answerRanges(clip: LaidOutClip, header: string | undefined): ClipAnswer {
  const { sizeBytes } = clip;
  const ranges = readRanges(header, sizeBytes);
  if (ranges === 'outside') {
    const headers = { 'content-range': `bytes */${sizeBytes}`, 'content-length': '0' };
    return { status: 416, headers, body: [] };
  }
  const [first, ...others] = ranges === 'whole' ? [] : ranges;
  if (ranges === 'whole' || first === undefined) {
    return wholeOf(clip);
  }
  if (others.length > 0) {
    return severalOf(clip, [first, ...others]);
  }
  return {
    status: 206,
    headers: {
      'content-type': CLIP_TYPE,
      'content-length': String(first.end - first.start + 1),
      'content-range': contentRange(first, sizeBytes),
    },
    body: sliceClip(clip, first),
  };
}

function severalOf(
  clip: LaidOutClip,
  ranges: readonly { readonly start: number; readonly end: number }[],
): ClipAnswer {
  const { contentType, sizeBytes, parts, tail } = multipartRanges(ranges, {
    ...clip,
    contentType: CLIP_TYPE,
  });
  const inline = (bytes: Uint8Array): Span => ({ kind: 'inline', bytes });
  return {
    status: 206,
    headers: { 'content-type': contentType, 'content-length': String(sizeBytes) },
    body: [...parts.flatMap((part) => [inline(part.head), ...sliceClip(clip, part)]), inline(tail)],
  };
}
