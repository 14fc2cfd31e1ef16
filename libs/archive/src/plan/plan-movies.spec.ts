import * as fc from 'fast-check';
import { fromTo, requestOf } from '../fixture/a-plan';
import { anArchive, ARCHIVE_START_MS } from '../fixture/an-archive';
import { shownInOrder } from '../fixture/play';
import type { SegmentEntry } from '../index/segment-entry';
import type { MoviePlan } from './movie-plan';
import { planMovie } from './plan-movie';
import { planMovies } from './plan-movies';
import type { PlanRequest } from './plan-request';

const FRAME_MS = 40;
const SPLIT = { onConfigChange: 'split' } as const;

/** A segment of 4 s for each letter; its pictures are as wide as the letter says. */
const WIDTHS: Record<string, number> = { a: 320, b: 640, c: 1280 };

function recordedAs(letters: string, pauses: Record<number, number> = {}): readonly SegmentEntry[] {
  const builder = anArchive().shaped({ hasBFrames: true });
  Array.from(letters).forEach((_, i) => builder.withGapOf(pauses[i] ?? 0).withSegments(1));
  return builder.build().segments.map((segment, i) => ({
    ...segment,
    tracks: segment.tracks.map((track) =>
      track.kind === 'video' ? { ...track, width: WIDTHS[letters[i]!]! } : track,
    ),
  }));
}

function split(
  segments: readonly SegmentEntry[],
  ranges: PlanRequest['ranges'],
  changes: Partial<PlanRequest> = {},
): readonly MoviePlan[] {
  return planMovies(requestOf({ segments }, ranges, { ...SPLIT, ...changes }));
}

const widths = (plans: readonly MoviePlan[]): number[] => plans.map(({ tracks }) => tracks[0]!.width);
const shown = (plan: MoviePlan): number[] =>
  shownInOrder(plan, 'video').map(({ wallMs }) => Math.round(wallMs - ARCHIVE_START_MS));
const framesFromTo = (startMs: number, endMs: number): number[] => {
  const first = Math.ceil(startMs / FRAME_MS);
  return Array.from({ length: Math.ceil(endMs / FRAME_MS) - first }, (_, i) => (first + i) * FRAME_MS);
};

describe('planMovies', () => {
  it('makes the one plan of planMovie where the configuration does not change', () => {
    const request = requestOf({ segments: recordedAs('aaa') }, [fromTo(1230, 9870)], SPLIT);
    expect(planMovies(request)).toEqual([planMovie(request)]);
  });

  it.each(['fail', 'in-band'] as const)('leaves a change to planMovie with %s', (onConfigChange) => {
    const request = requestOf({ segments: recordedAs('aaa') }, [fromTo(1230, 9870)], { onConfigChange });
    expect(planMovies(request)).toEqual([planMovie(request)]);
  });

  it('begins a plan with every change, also one back', () => {
    const plans = split(recordedAs('aabca'), [fromTo(1230, 19_170)]);
    expect(widths(plans)).toEqual([320, 640, 1280, 320]);
    expect(plans.map(shown)).toEqual([
      framesFromTo(1230, 8000),
      framesFromTo(8000, 12_000),
      framesFromTo(12_000, 16_000),
      framesFromTo(16_000, 19_170),
    ]);
  });

  it('asks each plan for its part of the range, so that each is complete by itself', () => {
    const plans = split(recordedAs('aba'), [fromTo(1230, 9170)]);
    const parts = [[fromTo(1230, 4000)], [fromTo(4000, 8000)], [fromTo(8000, 9170)]];
    expect(plans.map(({ requested }) => requested)).toEqual(parts);
    expect(plans.map(({ delivered }) => delivered)).toEqual(parts);
  });

  it('tells of every change in both plans that it parts', () => {
    const plans = split(recordedAs('ab'), [fromTo(0, 8000)]);
    expect(plans.map(({ warnings }) => warnings.map(({ message }) => message.split('; ')[1]))).toEqual([
      ['this file ends there, another begins'],
      ['this file begins there'],
    ]);
  });

  it('reports a gap between two configurations once, with the earlier', () => {
    const plans = split(recordedAs('ab', { 1: 5000 }), [fromTo(1000, 12_000)]);
    expect(plans.map(({ gaps }) => gaps)).toEqual([[{ ...fromTo(4000, 9000), reason: 'not-recorded' }], []]);
    expect(plans.map(shown)).toEqual([framesFromTo(1000, 4000), framesFromTo(9000, 12_000)]);
  });

  it('keeps ranges of one configuration together, in their order', () => {
    const plans = split(recordedAs('aab'), [fromTo(5000, 6000), fromTo(1000, 2000), fromTo(9000, 10_000)]);
    expect(plans.map(({ requested }) => requested)).toEqual([
      [fromTo(5000, 6000), fromTo(1000, 2000)],
      [fromTo(9000, 10_000)],
    ]);
    expect(plans.map(shown)).toEqual([
      [...framesFromTo(5000, 6000), ...framesFromTo(1000, 2000)],
      framesFromTo(9000, 10_000),
    ]);
  });

  it('hides at the start of every plan, which is no inner seam', () => {
    const plans = split(recordedAs('ab'), [fromTo(500, 1700), fromTo(5230, 5710)]);
    expect(plans.map(shown)).toEqual([framesFromTo(500, 1700), framesFromTo(5230, 5710)]);
  });

  it('shows every frame of a range in exactly one plan, whatever changes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 6 }),
        fc.nat(23_000),
        fc.integer({ min: 40, max: 20_000 }),
        (letters, startMs, lengthMs) => {
          const recordedMs = letters.length * 4000;
          fc.pre(startMs + FRAME_MS < recordedMs);
          const plans = split(recordedAs(letters), [fromTo(startMs, startMs + lengthMs)]);
          const asked = letters.slice(Math.floor(Math.ceil(startMs / FRAME_MS) / 100));
          const end = Math.min(startMs + lengthMs, recordedMs);
          const ruled = asked.slice(0, Math.ceil(end / 4000) - (letters.length - asked.length));
          expect(widths(plans)).toEqual(Array.from(ruled.replace(/(.)\1+/g, '$1')).map((one) => WIDTHS[one]));
          expect(plans.flatMap(shown)).toEqual(framesFromTo(startMs, end));
        },
      ),
      { seed: 20_261_101, numRuns: 60 },
    );
  });
});
