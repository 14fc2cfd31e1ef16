import * as fc from 'fast-check';
import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive, ARCHIVE_START_MS } from '../fixture/an-archive';
import { objectRanges, play, shownInOrder, type PlayedSample } from '../fixture/play';
import type { MoviePlan } from './movie-plan';
import { planOfFirstGop, planOfLastGop, planOfWindow } from './sub-plan';

const since = ({ wallMs }: PlayedSample): number => Math.round(wallMs - ARCHIVE_START_MS);
const framesFromTo = (startMs: number, endMs: number): number[] => {
  const first = Math.ceil(startMs / 40);
  return Array.from({ length: Math.ceil(endMs / 40) - first }, (_, i) => (first + i) * 40);
};
const recorded = () => anArchive().shaped({ hasBFrames: true }).withSegments(4).build();
const windowPlan = (plan: MoviePlan, number: number): MoviePlan => planOfWindow(plan, plan.windows[number]!);

describe('planOfWindow', () => {
  it.each([
    ['inside a GOP', 1230, 1710],
    ['over several segments', 1230, 9870],
  ])('shows exactly the frames of the window %s', (_, startMs, endMs) => {
    const plan = planOf(recorded(), [fromTo(12_500, 13_100), fromTo(startMs, endMs), fromTo(8000, 9000)]);
    const part = windowPlan(plan, 1);
    expect(shownInOrder(part, 'video').map(since)).toEqual(framesFromTo(startMs, endMs));
    expect(part.requested).toEqual([fromTo(startMs, endMs)]);
  });

  it('says on its own timeline what is to be kept', () => {
    const part = windowPlan(planOf(recorded(), [fromTo(1230, 1710), fromTo(5530, 6010)]), 1);
    const { mediaTime, duration } = part.tracks[0]!.presentation;
    expect(part.windows).toEqual([{ range: 0, from: mediaTime, to: mediaTime + duration }]);
    expect(mediaTime).toBeGreaterThan(0);
    expect(part.tracks[0]!.runs[0]!.decodeStart).toBe(0);
  });

  it('holds the bytes of the covering GOPs and no others', () => {
    const silent = anArchive().shaped({ hasAudio: false }).withSegments(2).build();
    const part = windowPlan(planOf(silent, [fromTo(1230, 1710), fromTo(5530, 6010)]), 1);
    expect(part.objects.map(({ key }) => key)).toEqual(['segment-1.mp4']);
    expect(objectRanges(part).reduce((sum, { length }) => sum + length, 0)).toBe(
      part.objects[0]!.leaves[1]!.length + part.objects[0]!.leaves[2]!.length,
    );
  });

  it('keeps sound with its picture, from the first frame to the end, whatever the window', () => {
    fc.assert(
      fc.property(
        fc.nat(11_000),
        fc.integer({ min: 100, max: 6000 }),
        fc.boolean(),
        (start, length, hasGap) => {
          const builder = anArchive().shaped({ hasBFrames: true }).withSegments(2);
          const archive = (hasGap ? builder.withGapOf(5000) : builder).withSegments(2).build();
          const asked = fromTo(start, start + length);
          const plan = planOf(archive, [fromTo(200, 900), asked, fromTo(3000, 3500)]);
          const window = plan.windows.find(({ range }) => range === 1);
          fc.pre(window !== undefined);
          const part = planOfWindow(plan, window);
          const [whole, own] = [plan, part].map((one) =>
            play(one, 'audio').map(({ key, sample, at }) => ({ id: `${key} ${String(sample)}`, at })),
          );
          const base = (window.from - plan.tracks[0]!.presentation.mediaTime) / 12_800;
          for (const { id, at } of own!) {
            const inWhole = whole!.filter((sample) => sample.id === id).map((sample) => sample.at - base);
            expect(Math.min(...inWhole.map((time) => Math.abs(time - at)))).toBeLessThan(0.0001);
          }
          const [video, audio] = part.tracks.map(
            ({ presentation, timescale }) => presentation.duration / timescale,
          );
          expect(audio! - video!).toBeGreaterThan(-0.022);
          for (const { object, offset, sizeBytes } of [...play(part, 'video'), ...play(part, 'audio')]) {
            expect(
              objectRanges(part).some(
                (range) =>
                  range.object === object &&
                  range.offset <= offset &&
                  offset + sizeBytes <= range.offset + range.length,
              ),
            ).toBe(true);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('plans of the outer GOPs', () => {
  it('show what is shown up to the second sync sample', () => {
    const part = planOfFirstGop(planOf(recorded(), [fromTo(1230, 9870)]));
    expect(shownInOrder(part, 'video').map(since)).toEqual(framesFromTo(1230, 2000));
  });

  it('show what is shown from the last sync sample on', () => {
    const part = planOfLastGop(planOf(recorded(), [fromTo(1230, 9870)]));
    expect(shownInOrder(part, 'video').map(since)).toEqual(framesFromTo(9000, 9870));
  });

  it('show all of a plan of one GOP', () => {
    const plan = planOf(recorded(), [fromTo(1230, 1710)]);
    for (const part of [planOfFirstGop(plan), planOfLastGop(plan)]) {
      expect(shownInOrder(part, 'video').map(since)).toEqual(framesFromTo(1230, 1710));
    }
  });
});
