import { anArchive } from '../fixture/an-archive';
import type { SegmentEntry } from '../index/segment-entry';
import { decodeCatalogHour, decodeIndexObject, encodeCatalogHour } from './catalog-codec';
import type { CatalogHour } from './catalog-hour';
import { hourOf } from './hours';
import type { IndexObject } from './index-object';
import { emptyHour, insertSegment } from './insert-segment';
import { mergeHour, segmentsOfHour } from './merge-hour';

const keyOf = (sha256: string) => `video-1/494000/${sha256}.cmx`;

function setup(count: number) {
  const { segments } = anArchive().withSegments(count).build();
  return { segments, first: emptyHour(hourOf(segments[0]!.startMs)) };
}

function insertAll(hour: CatalogHour, segments: readonly SegmentEntry[], inlineLimitBytes: number) {
  const objects: IndexObject[] = [];
  let now = hour;
  for (const segment of segments) {
    const change = insertSegment(now, segment, { keyOf, inlineLimitBytes });
    now = change.hour;
    objects.push(...change.folds);
  }
  return { hour: now, objects };
}

const keys = (entries: readonly SegmentEntry[]) => entries.map(({ key }) => key);

describe('insertSegment', () => {
  it('keeps segments inline in order of time, whatever order they come in', () => {
    const { segments, first } = setup(4);
    const { hour, objects } = insertAll(
      first,
      [2, 0, 3, 1].map((i) => segments[i]!),
      32 * 1024,
    );
    expect(keys(hour.inline)).toEqual(keys(segments));
    expect(objects).toEqual([]);
    expect(hour.endMs).toBe(segments[3]!.endMs);
  });

  it('folds what is inline when the entry would grow over its limit', () => {
    const { segments, first } = setup(12);
    const limit = 8 * 1024;
    const { hour, objects } = insertAll(first, segments, limit);
    expect(objects.length).toBeGreaterThan(0);
    expect(encodeCatalogHour({ ...hour, folded: [] }).length).toBeLessThanOrEqual(limit + 1024);
    const folded = objects.map(({ bytes }) => decodeIndexObject(bytes));
    expect(keys(segmentsOfHour(hour, folded))).toEqual(keys(segments));
    expect(hour.folded).toEqual(objects.map(({ index }) => index));
  });

  it('names an index object by its bytes and says what it holds', () => {
    const { segments, first } = setup(12);
    const [object] = insertAll(first, segments, 8 * 1024).objects;
    const held = decodeIndexObject(object!.bytes);
    expect(object!.index).toMatchObject({
      key: keyOf(object!.index.sha256),
      count: held.length,
      startMs: held[0]!.startMs,
      endMs: held.at(-1)!.endMs,
      sizeBytes: object!.bytes.length,
    });
  });

  it('folds a segment that is too large for an entry at once', () => {
    const { segments, first } = setup(2);
    const { hour, objects } = insertAll(first, segments, 1000);
    expect([hour.inline, hour.folded.map(({ count }) => count)]).toEqual([[], [1, 1]]);
    expect(objects).toHaveLength(2);
  });

  it('refuses a segment of another hour', () => {
    const { segments, first } = setup(1);
    expect(() => insertSegment({ ...first, hour: first.hour + 1 }, segments[0]!, { keyOf })).toThrow(
      'was put into hour',
    );
  });
});

it('writes less than 5 % of the media for each segment, however many came before in that hour', () => {
  // 4 s at 3 Mbit/s, with sound.
  const mediaBytes = 1_500_000;
  const { segments } = anArchive()
    .shaped({ framesPerGop: 50, gopsPerSegment: 2, hasBFrames: true })
    .withSegments(900)
    .build();
  let hour = emptyHour(hourOf(segments[0]!.startMs));
  const written = segments.map((segment) => {
    const change = insertSegment(hour, segment, { keyOf });
    hour = change.hour;
    const folded = change.folds.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return encodeCatalogHour(hour).length + folded;
  });
  expect(hour.folded.length).toBeGreaterThan(10);
  expect(Math.max(...written)).toBeLessThan(0.05 * mediaBytes);
  const lateMean = written.slice(-100).reduce((sum, bytes) => sum + bytes, 0) / 100;
  expect(lateMean).toBeLessThan(0.03 * mediaBytes);
});

describe('mergeHour', () => {
  it('gives the same object whatever order segments came in', () => {
    const { segments, first } = setup(12);
    const merged = [segments, [...segments].reverse()].map((order) => {
      const { hour, objects } = insertAll(first, order, 8 * 1024);
      return mergeHour(
        hour,
        objects.map(({ bytes }) => decodeIndexObject(bytes)),
        { keyOf },
      );
    });
    expect(merged[0]).toEqual(merged[1]);
    expect(merged[0]!.hour.inline).toEqual([]);
    expect(merged[0]!.folds.flatMap(({ bytes }) => keys(decodeIndexObject(bytes)))).toEqual(keys(segments));
  });

  it('leaves a merged hour as it is', () => {
    const { segments, first } = setup(3);
    const { hour } = mergeHour(insertAll(first, segments, 32 * 1024).hour, [], { keyOf });
    expect(mergeHour(hour, [segments], { keyOf })).toEqual({ hour, folds: [] });
  });

  it('makes objects of bounded size, one behind another in time, that say what they hold', () => {
    const { segments, first } = setup(40);
    const { hour, folds } = mergeHour({ ...first, inline: segments }, [], {
      keyOf,
      objectLimitBytes: 8 * 1024,
      gapThresholdMs: 1_000,
    });
    const held = folds.map(({ bytes }) => decodeIndexObject(bytes));
    expect(folds.length).toBeGreaterThan(2);
    expect(Math.max(...folds.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(9 * 1024);
    expect(keys(held.flat())).toEqual(keys(segments));
    expect(hour.folded.map(({ spans }) => spans?.ranges)).toEqual(
      held.map((entries) => [{ startMs: entries[0]!.startMs, endMs: entries.at(-1)!.endMs }]),
    );
    expect(decodeCatalogHour(encodeCatalogHour(hour)).folded).toEqual(hour.folded);
  });

  it('keeps the objects that a late segment does not change', () => {
    const { segments, first } = setup(40);
    const options = { keyOf, objectLimitBytes: 8 * 1024 };
    const before = mergeHour({ ...first, inline: segments.slice(0, -1) }, [], options);
    const folded = before.folds.map(({ bytes }) => decodeIndexObject(bytes));
    const after = mergeHour({ ...before.hour, inline: segments.slice(-1) }, folded, options);
    expect(after.folds).toHaveLength(1);
    expect(after.hour.folded.slice(0, -1)).toEqual(before.hour.folded.slice(0, -1));
  });
});
