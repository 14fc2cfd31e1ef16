import { errorBody } from '@clipmesh/bus';
import { ExportError } from '@clipmesh/errors';
import type { Span } from '@clipmesh/media';
import { readRanges } from '../http/byte-ranges';
import { contentRange, multipartRanges } from '../http/multipart-ranges';
import { checkPreconditions, rangeApplies, type ConditionalHeaders } from '../http/preconditions';
import { CLIP_TYPE } from './clip-headers';
import type { LaidOutClip } from './laid-out-clip';
import { sliceClip } from './slice-clip';

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
    const message = `the clip is now ${clip.etag}, not ${headers['if-match'] ?? 'what was asked for'}`;
    return refusal(412, new ExportError('PreconditionFailed', { message, target: 'If-Match' }), method);
  }
  if (precondition === 'unchanged') {
    return { status: 304, headers: {}, body: [] };
  }
  if (method !== 'GET') {
    return { ...wholeOf(clip), body: [] };
  }
  return rangeApplies(headers, clip.etag) ? answerRanges(clip, headers.range) : wholeOf(clip);
}

/** With the body that every error has; HEAD has none. */
function refusal(status: number, error: ExportError, method: string): ClipAnswer {
  const bytes = Buffer.from(JSON.stringify(errorBody(error)));
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(bytes.length),
      'content-disposition': 'inline',
    },
    body: method === 'HEAD' ? [] : [{ kind: 'inline', bytes }],
  };
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
    const message = `the clip has ${sizeBytes} bytes, asked for was ${header ?? ''}`;
    const answer = refusal(416, new ExportError('RangeNotSatisfiable', { message, target: 'Range' }), 'GET');
    return { ...answer, headers: { ...answer.headers, 'content-range': `bytes */${sizeBytes}` } };
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
