import type { Span } from '@clipmesh/media';
import type { LaidOutClip } from './laid-out-clip';

/** Bytes of a file, both ends included, as HTTP counts them. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** The spans of a part of the file. */
export function sliceClip({ spans, ends }: Pick<LaidOutClip, 'spans' | 'ends'>, range: FileRange): Span[] {
  const sliced: Span[] = [];
  for (let i = firstEndingBehind(ends, range.start); i < spans.length; i++) {
    const span = spans[i];
    const from = ends[i - 1] ?? 0;
    if (span === undefined || from > range.end) {
      break;
    }
    sliced.push(cut(span, Math.max(0, range.start - from), Math.min(ends[i] ?? 0, range.end + 1) - from));
  }
  return sliced;
}

function firstEndingBehind(ends: Float64Array, byte: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) <= byte) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function cut(span: Span, from: number, to: number): Span {
  return span.kind === 'inline'
    ? { kind: 'inline', bytes: span.bytes.subarray(from, to) }
    : { ...span, offset: span.offset + from, length: to - from };
}
