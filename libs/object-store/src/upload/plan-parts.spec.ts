import * as fc from 'fast-check';
import type { Span } from '@clipmesh/media';
import { planParts, S3_PARTS } from './plan-parts';
import type { PartLimits, PlannedPart } from './planned-part';
import { sizeOf, tidySpans } from './span-bytes';

const MIB = 1024 * 1024;
const inline = (length: number): Span => ({ kind: 'inline', bytes: new Uint8Array(length) });
const range = (object: number, offset: number, length: number): Span => ({
  kind: 'object',
  object,
  offset,
  length,
});

/** `copy 11.0` and `upload 5.0 (0.1+4.9)` in mebibytes: a plan that can be read. */
function told(parts: readonly PlannedPart[]): string[] {
  const mib = (bytes: number) => (bytes / MIB).toFixed(1);
  return parts.map((part) =>
    part.kind === 'copy'
      ? `copy ${part.object}@${mib(part.offset)} ${mib(part.length)}`
      : `upload ${mib(part.length)} (${part.pieces.map((piece) => mib(sizeOf(piece))).join('+')})`,
  );
}

describe('planParts', () => {
  it('puts a whole file under 5 MiB into one part', () => {
    expect(told(planParts([inline(0.5 * MIB), range(0, 0, 3 * MIB)]))).toEqual(['upload 3.5 (0.5+3.0)']);
  });

  it('plans nothing for an empty file', () => {
    expect(planParts([inline(0)])).toEqual([]);
  });

  it('lends the header the first bytes of the media and copies the rest', () => {
    const spans = [inline(0.5 * MIB), range(0, 0, 11 * MIB), range(1, 0, 11 * MIB)];
    expect(told(planParts(spans))).toEqual(['upload 5.0 (0.5+4.5)', 'copy 0@4.5 6.5', 'copy 1@0.0 11.0']);
  });

  it('gathers small spans until they make a part', () => {
    const spans = [inline(1 * MIB), ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => range(n, 0, 1.5 * MIB))];
    expect(told(planParts(spans))).toEqual([
      'upload 5.5 (1.0+1.5+1.5+1.5)',
      'upload 6.0 (1.5+1.5+1.5+1.5)',
      'upload 1.5 (1.5)',
    ]);
  });

  it('borrows from the span before when the next one would become too small', () => {
    const spans = [range(0, 0, 20 * MIB), inline(1 * MIB), range(1, 0, 6 * MIB)];
    expect(told(planParts(spans))).toEqual(['copy 0@0.0 16.0', 'upload 5.0 (4.0+1.0)', 'copy 1@0.0 6.0']);
  });

  it('takes a medium span whole through the worker when no neighbour can lend', () => {
    const spans = [inline(1 * MIB), range(0, 0, 8 * MIB), range(1, 0, 11 * MIB)];
    expect(told(planParts(spans))).toEqual(['upload 9.0 (1.0+8.0)', 'copy 1@0.0 11.0']);
  });

  it('cuts a large header into parts that each fit in memory', () => {
    expect(told(planParts([inline(26 * MIB), range(0, 0, 20 * MIB)]))).toEqual([
      'upload 5.0 (5.0)',
      'upload 5.0 (5.0)',
      'upload 5.0 (5.0)',
      'upload 5.0 (5.0)',
      'upload 6.0 (6.0)',
      'copy 0@0.0 20.0',
    ]);
  });

  it('splits one large span evenly, so that several copies run at a time', () => {
    expect(told(planParts([range(0, 7, 150 * MIB)]))).toEqual([
      'copy 0@0.0 50.0',
      'copy 0@50.0 50.0',
      'copy 0@100.0 50.0',
    ]);
  });

  it('joins ranges that follow each other in one object', () => {
    expect(told(planParts([range(0, 0, 3 * MIB), range(0, 3 * MIB, 4 * MIB)]))).toEqual(['copy 0@0.0 7.0']);
  });

  it('grows copies before it sends anything through the worker when parts are too many', () => {
    const limits = { ...S3_PARTS, maxParts: 4 };
    expect(told(planParts([range(0, 0, 512 * MIB)], limits))).toHaveLength(4);
    expect(planParts([range(0, 0, 512 * MIB)], limits).every((part) => part.kind === 'copy')).toBe(true);
  });

  it('joins only as many neighbours as it must to keep within the number of parts', () => {
    const spans = Array.from({ length: 6 }, (_, n) => range(n, 0, 8 * MIB));
    const parts = planParts(spans, { ...S3_PARTS, maxParts: 5 });
    expect(told(parts)).toEqual([
      'upload 16.0 (8.0+8.0)',
      'copy 2@0.0 8.0',
      'copy 3@0.0 8.0',
      'copy 4@0.0 8.0',
      'copy 5@0.0 8.0',
    ]);
  });

  const archive = (count: number, bytes: number): Span[] => [
    inline(MIB),
    ...Array.from({ length: count }, (_, n) => range(n, 0, bytes)),
  ];
  const uploadedBytes = (parts: readonly PlannedPart[]) =>
    parts.filter(({ kind }) => kind === 'upload').reduce((sum, { length }) => sum + length, 0);
  const largestUpload = (parts: readonly PlannedPart[]) =>
    parts.reduce((most, { kind, length }) => (kind === 'upload' ? Math.max(most, length) : most), 0);

  it('copies a day of thirty-second segments, all but the first bytes', () => {
    const parts = planParts(archive(2_880, 11.3e6));
    expect(parts).toHaveLength(2_881);
    expect(uploadedBytes(parts)).toBe(5 * MIB);
  });

  it('gathers a day of four-second segments into parts of five mebibytes and one segment at most', () => {
    const parts = planParts(archive(21_600, 1.5e6));
    expect(parts.length).toBeLessThanOrEqual(10_000);
    expect(largestUpload(parts)).toBeLessThan(5 * MIB + 1.5e6);
  });

  it.each([
    ['thirty-second segments', 20_160, 11.3e6, 36e6],
    ['four-second segments', 151_200, 1.5e6, 32e6],
    ['one-second segments of a thin camera', 604_800, 64e3, 11e6],
  ])('keeps a week of %s within 10,000 parts that fit in memory', (_what, count, bytes, partBytes) => {
    const parts = planParts(archive(count, bytes));
    expect(parts.length).toBeLessThanOrEqual(10_000);
    expect(largestUpload(parts)).toBeLessThan(partBytes);
    expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(MIB + count * bytes);
  });

  it('copies the largest object that S3 takes', () => {
    const parts = planParts([inline(MIB), range(0, 0, 5 * MIB * MIB - MIB)]);
    expect(parts.length).toBeLessThanOrEqual(10_000);
    expect(uploadedBytes(parts)).toBe(5 * MIB);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(5 * 1024 * MIB);
  });
});

describe('planParts, whatever the spans', () => {
  // Small numbers stand for large ones: the arithmetic knows nothing of mebibytes.
  const limits: PartLimits = {
    minBytes: 10,
    copyBytes: 60,
    maxCopyBytes: 240,
    maxGatherBytes: 40,
    maxParts: 12,
  };
  const anySpan = fc.oneof(
    fc.record({ kind: fc.constant('inline' as const), bytes: fc.uint8Array({ maxLength: 45 }) }),
    fc.record({
      kind: fc.constant('object' as const),
      object: fc.nat(3),
      offset: fc.nat(500),
      length: fc.oneof(fc.nat(12), fc.nat(300)),
    }),
  );
  const anySpans = fc.array(anySpan, { maxLength: 40 });

  const asPieces = (parts: readonly PlannedPart[]): Span[] =>
    parts.flatMap((part): Span[] =>
      part.kind === 'upload' ? [...part.pieces] : [{ ...part, kind: 'object' }],
    );
  /** Every byte by name: where it comes from. */
  const byteNames = (spans: readonly Span[]): string[] =>
    spans.flatMap((span) =>
      span.kind === 'inline'
        ? Array.from(span.bytes, (byte) => `inline ${byte}`)
        : Array.from({ length: span.length }, (_, at) => `${span.object}@${span.offset + at}`),
    );

  it('tells the same bytes in the same order', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        expect(byteNames(asPieces(planParts(spans, limits)))).toEqual(byteNames(spans));
      }),
    );
  });

  it('makes every part but the last at least as large as the least, and counts its bytes rightly', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const parts = planParts(spans, limits);
        for (const part of parts.slice(0, -1)) {
          expect(part.length).toBeGreaterThanOrEqual(limits.minBytes);
        }
        for (const part of parts) {
          expect(byteNames(asPieces([part]))).toHaveLength(part.length);
        }
      }),
    );
  });

  it('never makes more parts than allowed', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        expect(planParts(spans, limits).length).toBeLessThanOrEqual(limits.maxParts);
      }),
    );
  });

  it('sends nothing through the worker but small spans and less than one part of borrowed bytes a seam', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const isSmall = (span: Span) => span.kind === 'inline' || span.length < 2 * limits.minBytes;
        const tidy = tidySpans(spans);
        const seams = tidy.filter(
          (span, at) => isSmall(span) && (at + 1 === tidy.length || !isSmall(tidy[at + 1]!)),
        ).length;
        const smallBytes = tidy.filter(isSmall).reduce((sum, span) => sum + sizeOf(span), 0);
        const parts = planParts(spans, { ...limits, maxParts: 1_000 });
        const uploaded = parts
          .filter((part) => part.kind === 'upload')
          .reduce((sum, part) => sum + part.length, 0);
        expect(uploaded).toBeLessThanOrEqual(smallBytes + seams * (limits.minBytes - 1));
      }),
    );
  });

  it('is the same plan every time', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        expect(planParts(spans, limits)).toEqual(planParts(spans, limits));
      }),
    );
  });
});
