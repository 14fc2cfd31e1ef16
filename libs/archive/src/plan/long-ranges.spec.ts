import * as fc from 'fast-check';
import type { TimeRange } from '@clipmesh/media';
import { fromTo, planOf } from '../fixture/a-plan';
import { ARCHIVE_START_MS } from '../fixture/an-archive';
import { columnsOf, shownPositions, statedDurations, type Columns } from '../fixture/columns';
import {
  AAC_SAMPLES,
  NTSC_FRAME,
  NTSC_RATE,
  ntscArchive,
  type NtscArchive,
  type NtscCamera,
  type NtscPart,
  type NtscSegment,
} from '../fixture/ntsc-archive';
import { objectRanges } from '../fixture/play';
import { gopOf, FRAME_TICKS } from '../fixture/tracks';
import type { MoviePlan } from './movie-plan';

/**
 * What is asked for is worked out here anew, in whole thirtieths of a millisecond (a frame lasts 1001 of them), from what
 * was recorded: nothing of the code's own arithmetic is used.
 */

const IS_FULL = process.env['CLIPMESH_TEST_FULL'] === '1';
const SEED = 20_261_101;
const HOUR_MS = 3_600_000;
const GAP_THRESHOLD_MS = 1000;
/** Of announced times: whole milliseconds, twice. */
const ROUNDING = 0.0021;
const FRAME_SECONDS = NTSC_FRAME / NTSC_RATE;
/** A frame by its segment and its number there, in presentation order. */
const ID_BASE = 1_000_000;

const CAMERAS: readonly NtscCamera[] = [30_000, 90_000].flatMap((videoTimescale) =>
  [44_100, 48_000].flatMap((audioRate) =>
    [false, true].map((hasBFrames) => ({ videoTimescale, audioRate, hasBFrames })),
  ),
);

/** Numbers in presentation order by numbers in decode order, in a GOP. */
function presentationOrder(framesPerGop: number, hasBFrames: boolean): number[] {
  return gopOf(framesPerGop, hasBFrames).map(
    ({ compositionOffset }, decoded) => compositionOffset / FRAME_TICKS + decoded - (hasBFrames ? 1 : 0),
  );
}

interface Asked {
  /** Frames that a player shows, in order. */
  readonly shown: number[];
  /** Frames that are in the file, in decode order. */
  readonly taken: number[];
  /** Which of the stretches each of them was taken for. */
  readonly stretch: number[];
}

/** Ranges that touch are one. */
function stretchesOf(ranges: readonly TimeRange[]): { startMs: number; endMs: number }[] {
  const stretches: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of ranges) {
    const last = stretches.at(-1);
    if (last?.endMs === startMs) {
      last.endMs = endMs;
    } else {
      stretches.push({ startMs, endMs });
    }
  }
  return stretches;
}

/** First and last frame of a segment within `[startMs, endMs)`; none when the first is behind the last. */
function framesWithin({ startMs: at, frames }: NtscSegment, from: number, to: number): [number, number] {
  const first = Math.ceil((30 * (from - at)) / NTSC_FRAME);
  const last = Math.ceil((30 * (to - at)) / NTSC_FRAME) - 1;
  return [Math.max(0, first), Math.min(frames - 1, last)];
}

function askedFor({ recorded }: NtscArchive, hasBFrames: boolean, ranges: readonly TimeRange[]): Asked {
  const asked: Asked = { shown: [], taken: [], stretch: [] };
  const found = stretchesOf(ranges)
    .map(({ startMs, endMs }) =>
      recorded
        .map((segment, number) => ({ segment, number, within: framesWithin(segment, startMs, endMs) }))
        .filter(({ within: [first, last] }) => first <= last),
    )
    .filter((pieces) => pieces.length > 0);
  found.forEach((pieces, stretch) => {
    pieces.forEach(({ segment: { framesPerGop, frames }, number, within: [first, last] }, piece) => {
      const order = presentationOrder(framesPerGop, hasBFrames);
      const shownAt = (decoded: number): number =>
        Math.floor(decoded / framesPerGop) * framesPerGop + order[decoded % framesPerGop]!;
      const sync = Math.floor(first / framesPerGop) * framesPerGop;
      let end = frames;
      while (shownAt(end - 1) > last) {
        end--;
      }
      const taken = Array.from({ length: end - sync }, (_, i) => shownAt(sync + i));
      asked.taken.push(...taken.map((frame) => number * ID_BASE + frame));
      asked.stretch.push(...taken.map(() => stretch));
      // An inner seam has no edit list: what has to be in the file is shown.
      const hides = (frame: number): boolean =>
        (stretch === 0 && piece === 0 && frame < first) ||
        (stretch === found.length - 1 && piece === pieces.length - 1 && frame > last);
      const shown = taken.filter((frame) => !hides(frame)).sort((a, b) => a - b);
      asked.shown.push(...shown.map((frame) => number * ID_BASE + frame));
    });
  });
  return asked;
}

function frameIds({ recorded }: NtscArchive, hasBFrames: boolean, video: Columns): number[] {
  const orders = recorded.map(({ framesPerGop }) => presentationOrder(framesPerGop, hasBFrames));
  return Array.from(video.segment, (segment, i) => {
    const { framesPerGop } = recorded[segment]!;
    const gop = Math.floor(video.sample[i]! / framesPerGop);
    return segment * ID_BASE + gop * framesPerGop + orders[segment]![video.sample[i]! % framesPerGop]!;
  });
}

/** Compares quickly; shows where lists of millions part. */
function expectSame(found: readonly number[], wanted: readonly number[]): void {
  const at = found.findIndex((value, i) => value !== wanted[i]);
  expect(found.slice(Math.max(0, at), at + 5)).toEqual(wanted.slice(Math.max(0, at), at + 5));
  expect(found).toHaveLength(wanted.length);
}

/** Every picture as late behind the first one since the last cut as it was recorded behind that one. */
function expectPicturesInTime(
  { recorded }: NtscArchive,
  video: Columns,
  ids: readonly number[],
  asked: Asked,
): void {
  let anchor = { wall: 0, at: 0 };
  let before = { wall: 0, at: 0, stretch: -1 };
  let worst = 0;
  let largestStep = 0;
  let leastStep = Infinity;
  for (const i of shownPositions(video)) {
    const wall = recorded[video.segment[i]!]!.startMs / 1000 + (ids[i]! % ID_BASE) * FRAME_SECONDS;
    const at = video.time[i]! / video.timescale;
    const stretch = asked.stretch[i]!;
    const isGap = wall - before.wall > GAP_THRESHOLD_MS / 1000 + 2 * FRAME_SECONDS;
    if (stretch !== before.stretch || isGap) {
      if (before.stretch >= 0) {
        largestStep = Math.max(largestStep, at - before.at);
      }
      anchor = { wall, at };
    }
    leastStep = before.stretch < 0 ? leastStep : Math.min(leastStep, at - before.at);
    worst = Math.max(worst, Math.abs(at - anchor.at - (wall - anchor.wall)));
    before = { wall, at, stretch };
  }
  expect(worst).toBeLessThan(ROUNDING);
  // Behind a cut at once.
  expect(largestStep).toBeLessThan(2 * FRAME_SECONDS + ROUNDING);
  expect(leastStep).toBeGreaterThan(FRAME_SECONDS - ROUNDING);
}

/** All sound beside the pictures of its own segment, to less than an AAC frame. */
function expectSoundInSync(
  { segments }: NtscArchive,
  { audioRate }: NtscCamera,
  plan: MoviePlan,
  video: Columns,
  ids: readonly number[],
): void {
  // Where the segments begin on the timeline; several times, those that several ranges take.
  const origins = segments.map((): number[] => []);
  video.time.forEach((time, i) => {
    const [own, origin] = [
      origins[video.segment[i]!]!,
      time / video.timescale - (ids[i]! % ID_BASE) * FRAME_SECONDS,
    ];
    if (Math.abs(origin - (own.at(-1) ?? -Infinity)) > ROUNDING) {
      own.push(origin);
    }
  });
  const starts = segments.map(({ tracks }) => tracks[1]!.decodeStart);
  const audio = columnsOf(plan, 'audio');
  let worst = 0;
  for (let i = 0; i < audio.count; i++) {
    const recordedAt = (starts[audio.segment[i]!]! + audio.sample[i]! * AAC_SAMPLES) / audioRate;
    const origin = audio.time[i]! / audio.timescale - recordedAt;
    let nearest = Infinity;
    for (const own of origins[audio.segment[i]!]!) {
      nearest = Math.min(nearest, Math.abs(own - origin));
    }
    worst = Math.max(worst, nearest);
  }
  expect(worst).toBeLessThan(AAC_SAMPLES / audioRate);
}

function expectDurationsToAddUp(plan: MoviePlan): void {
  statedDurations(plan).forEach(({ stts, mdhd, samples }, i) => {
    expect(stts).toBe(mdhd);
    expect(samples).toBe(plan.tracks[i]!.runs.reduce((sum, { sampleCount }) => sum + sampleCount, 0));
  });
}

/** No byte of an object is in the file twice. */
function expectDisjointRanges(plan: MoviePlan): void {
  const ranges = objectRanges(plan).sort((a, b) => a.object - b.object || a.offset - b.offset);
  ranges.slice(1).forEach((range, i) => {
    const before = ranges[i]!;
    if (range.object === before.object) {
      expect(range.offset).toBeGreaterThanOrEqual(before.offset + before.length);
    }
  });
}

function judge(archive: NtscArchive, camera: NtscCamera, ranges: readonly TimeRange[]): void {
  const plan = planOf(archive, ranges);
  const video = columnsOf(plan, 'video');
  const ids = frameIds(archive, camera.hasBFrames, video);
  const asked = askedFor(archive, camera.hasBFrames, ranges);
  expectSame(ids, asked.taken);
  expectSame(
    Array.from(shownPositions(video), (i) => ids[i]!),
    asked.shown,
  );
  expectPicturesInTime(archive, video, ids, asked);
  expectSoundInSync(archive, camera, plan, video, ids);
  expectDurationsToAddUp(plan);
  expectDisjointRanges(plan);
}

describe('planMovie of 29.97 frames a second', () => {
  const parts = fc.array(
    fc.record({
      pauseMs: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1100, max: 9000 })),
      segments: fc.integer({ min: 1, max: 4 }),
      gopsPerSegment: fc.integer({ min: 1, max: 5 }),
      framesPerGop: fc.integer({ min: 5, max: 40 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const asked = fc.array(
    fc.record({
      start: fc.nat(999),
      lasts: fc.integer({ min: 1, max: 999 }),
      touches: fc.boolean(),
      // Edges on frames that begin with a millisecond: the start belongs to the range, the end does not.
      snaps: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  );
  type Shares = typeof asked extends fc.Arbitrary<infer T> ? T : never;

  /** Every thirtieth frame of a segment begins with a millisecond. */
  function wholeFrame({ recorded }: NtscArchive, ms: number): number {
    const segment = recorded.findLast(({ startMs }) => startMs <= ARCHIVE_START_MS + ms);
    const offset = segment === undefined ? 0 : segment.startMs - ARCHIVE_START_MS;
    return segment === undefined ? ms : offset + Math.floor((ms - offset) / NTSC_FRAME) * NTSC_FRAME;
  }

  function rangesOf(shares: Shares, archive: NtscArchive): TimeRange[] {
    const wholeMs = archive.segments.at(-1)!.endMs - ARCHIVE_START_MS;
    let endMs = -1;
    return shares.map(({ start, lasts, touches, snaps }) => {
      const onFrame = (ms: number): number => (snaps ? wholeFrame(archive, ms) : ms);
      const startMs = touches && endMs >= 0 ? endMs : onFrame(Math.floor((start * wholeMs) / 1000));
      endMs = Math.max(startMs + 40, onFrame(startMs + Math.floor((lasts * wholeMs) / 1000)));
      return fromTo(startMs, endMs);
    });
  }

  it.each(CAMERAS.map((camera) => [JSON.stringify(camera), camera] as const))(
    'shows exactly what was asked for, with its sound: %s',
    (_, camera) => {
      fc.assert(
        fc.property(fc.nat(999), parts, asked, (startMs, recordedParts, shares) => {
          const archive = ntscArchive(camera, ARCHIVE_START_MS + startMs, recordedParts);
          const ranges = rangesOf(shares, archive);
          fc.pre(askedFor(archive, camera.hasBFrames, ranges).shown.length > 0);
          judge(archive, camera, ranges);
        }),
        { seed: SEED, numRuns: IS_FULL ? 1000 : 40 },
      );
    },
    120_000,
  );

  const segments30s = { pauseMs: 0, gopsPerSegment: 30, framesPerGop: 30 };
  const recordings: readonly (readonly [string, number, readonly NtscPart[]])[] = [
    ['an hour', 1, [{ ...segments30s, segments: 120 }]],
    [
      'four hours with gaps',
      4,
      [
        { ...segments30s, segments: 130 },
        { ...segments30s, segments: 200, pauseMs: 700, gopsPerSegment: 29 },
        { ...segments30s, segments: 155, pauseMs: 60_000 },
      ],
    ],
    ['a day', 24, [{ ...segments30s, segments: 2878 }]],
    [
      'a day with gaps',
      24,
      [
        { ...segments30s, segments: 1000 },
        { ...segments30s, segments: 900, pauseMs: 700, gopsPerSegment: 29 },
        { ...segments30s, segments: 1010, pauseMs: 60_000 },
      ],
    ],
  ];
  // All of them take minutes.
  const kept = CAMERAS.flatMap((camera) =>
    recordings
      .filter(
        ([, hours]) =>
          IS_FULL ||
          (hours === 4 &&
            camera.hasBFrames &&
            camera.audioRate === 44_100 &&
            camera.videoTimescale === 90_000),
      )
      .map(([name, hours, own]) => [name, JSON.stringify(camera), hours, camera, own] as const),
  );

  it.each(kept)(
    'keeps to the clock for %s: %s',
    (_, __, hours, camera, own) => {
      const archive = ntscArchive(camera, ARCHIVE_START_MS, own);
      judge(archive, camera, [fromTo(12_345, hours * HOUR_MS - 12_345)]);
    },
    120_000,
  );
});
