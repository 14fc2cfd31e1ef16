import fc from 'fast-check';
import type { Span } from '@clipmesh/media';
import { sliceClip } from './slice-clip';

const FILE = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const OBJECT = Buffer.from(Array.from({ length: 256 }, (_, i) => 255 - i));

/** Inline and object spans by turns, and the bytes that they tell. */
function clipOf(lengths: readonly number[]) {
  const spans: Span[] = lengths.map((length, i) =>
    i % 2 === 0
      ? { kind: 'inline', bytes: FILE.subarray(i, i + length) }
      : { kind: 'object', object: 0, offset: i, length },
  );
  let end = 0;
  const ends = Float64Array.from(lengths, (length) => (end += length));
  return { spans, ends };
}

const bytesOf = (spans: readonly Span[]): Buffer =>
  Buffer.concat(
    spans.map((span) =>
      span.kind === 'inline' ? span.bytes : OBJECT.subarray(span.offset, span.offset + span.length),
    ),
  );

it('tells the bytes of any range, and no empty span', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lengths, fc.nat(), fc.nat(), (sizes, a, b) => {
      const clip = clipOf(sizes);
      const whole = bytesOf(clip.spans);
      const [start, end] = [a % whole.length, b % whole.length].sort((x, y) => x - y) as [number, number];
      const sliced = sliceClip(clip, { start, end });
      expect(bytesOf(sliced).equals(whole.subarray(start, end + 1))).toBe(true);
      expect(sliced.every((span) => (span.kind === 'inline' ? span.bytes.length : span.length) > 0)).toBe(
        true,
      );
    }),
  );
});
