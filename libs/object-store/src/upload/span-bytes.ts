import type { Span } from '@clipmesh/media';

export function sizeOf(span: Span): number {
  return span.kind === 'inline' ? span.bytes.length : span.length;
}

/** The first `count` bytes of a span and the rest; both tell the same bytes in the same order. */
export function splitSpan(span: Span, count: number): readonly [head: Span, rest: Span] {
  if (span.kind === 'inline') {
    const { bytes } = span;
    return [
      { kind: 'inline', bytes: bytes.subarray(0, count) },
      { kind: 'inline', bytes: bytes.subarray(count) },
    ];
  }
  const { kind, object, offset, length } = span;
  return [
    { kind, object, offset, length: count },
    { kind, object, offset: offset + count, length: length - count },
  ];
}

/** The same bytes in as few spans as possible: no empty ones, and neighbours in one object are one range. */
export function tidySpans(spans: readonly Span[]): Span[] {
  const tidy: Span[] = [];
  for (const span of spans) {
    const before = tidy.at(-1);
    if (before !== undefined && isContinuedBy(before, span)) {
      tidy[tidy.length - 1] = { ...before, length: before.length + sizeOf(span) };
    } else if (sizeOf(span) > 0) {
      tidy.push(span);
    }
  }
  return tidy;
}

type ObjectSpan = Extract<Span, { kind: 'object' }>;

function isContinuedBy(before: Span, span: Span): before is ObjectSpan {
  return (
    before.kind === 'object' &&
    span.kind === 'object' &&
    before.object === span.object &&
    before.offset + before.length === span.offset
  );
}
