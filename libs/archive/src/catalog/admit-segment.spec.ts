import { wallTime } from '@clipmesh/media';
import { admitSegment } from './admit-segment';
import type { SegmentBrief } from './catalog-hour';

const segment = (key: string, startMs: number, endMs: number, etag = 'a'): SegmentBrief => ({
  key,
  etag,
  startMs: wallTime(startMs),
  endMs: wallTime(endMs),
});

const RULES = { gapThresholdMs: 1000 };
const BEFORE = segment('before', 0, 30_000);
const BEHIND = segment('behind', 60_000, 90_000);

describe('admitSegment', () => {
  it.each([
    ['between its neighbours', segment('new', 30_000, 60_000), 'new'],
    ['overlapping by the threshold', segment('new', 29_000, 60_000), 'new'],
    ['seen before', segment('before', 0, 30_000), 'known'],
    ['of an hour', segment('new', 90_000, 3_690_000), 'new'],
  ])('takes a segment %s', (_, entry, answer) => {
    expect(admitSegment(entry, [BEFORE, BEHIND], RULES)).toBe(answer);
  });

  it.each([
    ['seen before with other bytes', segment('before', 0, 30_000, 'b'), 'SegmentChanged'],
    ['overlapping by more', segment('new', 28_999, 60_000), 'SegmentOverlap'],
    ['inside another', segment('new', 10_000, 12_000), 'SegmentOverlap'],
    ['around another', segment('new', 55_000, 95_000), 'SegmentOverlap'],
    ['longer than an hour', segment('new', 90_000, 3_690_001), 'SegmentTooLong'],
  ])('refuses a segment %s', (_, entry, code) => {
    expect(admitSegment(entry, [BEFORE, BEHIND], RULES)).toMatchObject({ code });
  });

  it('names the other segment and the milliseconds of an overlap', () => {
    expect(admitSegment(segment('new', 28_500, 70_000), [BEFORE, BEHIND], RULES)).toMatchObject({
      message: 'the segment new covers 10000 ms that behind covers',
      details: { otherKey: 'behind', overlapMs: 10_000 },
    });
  });
});
