import {
  coverageOf,
  emptyHour,
  HOUR_MS,
  mergeHour,
  type CatalogHour,
  type SegmentEntry,
} from '@clipmesh/archive';
import type { KvStore } from '@clipmesh/bus';
import { wallTime, type TimeRange } from '@clipmesh/media';
import * as fc from 'fast-check';
import { catalogKey } from './catalog-entries';
import { CatalogReader } from './catalog-reader';
import { IndexObjects } from './index-objects';

const VIDEO = 'video-1';
const FIRST_HOUR = 494_000;
const START = FIRST_HOUR * HOUR_MS;
const HOURS = 4;
const SEGMENT_MS = 4_000;
const THRESHOLD_MS = 1_000;

function segmentAt(startMs: number): SegmentEntry {
  const digest = 'a'.repeat(64);
  return {
    bucket: 'archive',
    key: `camera/${String(startMs)}.mp4`,
    etag: 'b'.repeat(32),
    sizeBytes: 1,
    sha256: digest,
    leaves: [],
    tracks: [],
    packed: { leaves: new Uint8Array(), tracks: [] },
    startMs: wallTime(startMs),
    endMs: wallTime(startMs + SEGMENT_MS),
    indexedAtMs: wallTime(startMs),
  };
}

/** Closed hours of 4 s segments: every fifth comes half a second late, which is no gap; every 300th is missing, which is one. */
function setup() {
  const objects = new Map<string, Uint8Array>();
  const hours = new Map<string, CatalogHour>();
  for (let hour = FIRST_HOUR; hour < FIRST_HOUR + HOURS; hour++) {
    const inline = Array.from({ length: HOUR_MS / SEGMENT_MS }, (_, i) => i)
      .filter((i) => i % 300 !== 150)
      .map((i) => segmentAt(hour * HOUR_MS + i * SEGMENT_MS + (i % 5 === 0 ? 500 : 0)));
    const open = { ...emptyHour(hour), endMs: inline.at(-1)!.endMs, inline };
    const closed = mergeHour(open, [], {
      keyOf: (sha256) => sha256,
      gapThresholdMs: THRESHOLD_MS,
      objectLimitBytes: 32 * 1024,
    });
    closed.folds.forEach(({ index, bytes }) => objects.set(index.key, bytes));
    hours.set(catalogKey(VIDEO, hour), closed.hour);
  }
  const reads: string[] = [];
  const store = {
    put: () => Promise.reject(new Error('a reader writes nothing')),
    readAll: ({ key }: { key: string }) => {
      reads.push(key);
      return Promise.resolve(Buffer.from(objects.get(key)!));
    },
  };
  const entries: Pick<KvStore<CatalogHour>, 'get'> = {
    get: (key) => {
      const value = hours.get(key);
      return Promise.resolve(value && { key, value, revision: 1 });
    },
  };
  const reader = new CatalogReader(entries as KvStore<CatalogHour>, new IndexObjects(store), THRESHOLD_MS);
  return { reader, reads, hours, objectCount: objects.size };
}

const rangeOf = (startMs: number, endMs: number): TimeRange => ({
  startMs: wallTime(startMs),
  endMs: wallTime(endMs),
});

it('reads of an archive only the index objects that touch the range', async () => {
  const { reader, reads, objectCount } = setup();
  const range = rangeOf(START + 2 * HOUR_MS + 1_000_000, START + 2 * HOUR_MS + 1_060_000);
  const { segments } = await reader.readRange(VIDEO, range);
  expect(segments.length).toBeGreaterThanOrEqual(15);
  expect(objectCount).toBeGreaterThan(20);
  expect(reads.length).toBeLessThanOrEqual(2);
});

it('tells what a long range covers without reading an index object', async () => {
  const { reader, reads } = setup();
  const { spans } = await reader.readSpans(VIDEO, rangeOf(START, START + HOURS * HOUR_MS));
  const { gaps } = coverageOf(spans, rangeOf(START, START + HOURS * HOUR_MS), THRESHOLD_MS);
  expect(gaps).toHaveLength(3 * HOURS);
  expect(reads).toEqual([]);
});

it('covers any range with its spans as with its segments', async () => {
  const { reader } = setup();
  // Half of them in a small hole.
  const instant = fc
    .tuple(fc.integer({ min: -10, max: (HOURS * HOUR_MS) / 20_000 }), fc.integer({ min: 0, max: 999 }))
    .map(([twenties, ms]) => START + twenties * 20_000 + ms);
  await fc.assert(
    fc.asyncProperty(instant, instant, async (one, other) => {
      fc.pre(one !== other);
      const range = rangeOf(Math.min(one, other), Math.max(one, other));
      const [{ spans }, { segments }] = await Promise.all([
        reader.readSpans(VIDEO, range),
        reader.readRange(VIDEO, range),
      ]);
      expect(coverageOf(spans, range, THRESHOLD_MS)).toEqual(coverageOf(segments, range, THRESHOLD_MS));
    }),
    { numRuns: 60 },
  );
});

it('finds a key with at most one index object read, and a strange one with none', async () => {
  const { reader, reads, hours } = setup();
  const hour = hours.get(catalogKey(VIDEO, FIRST_HOUR))!;
  const known = segmentAt(START + 100 * SEGMENT_MS + 500).key;
  expect((await reader.holding(VIDEO, hour, [known])).map(({ key }) => key)).toEqual([known]);
  expect(reads).toHaveLength(1);
  expect(await reader.holding(VIDEO, hour, ['strange.mp4'])).toEqual([]);
  expect(reads).toHaveLength(1);
});
