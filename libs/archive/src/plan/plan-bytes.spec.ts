import * as fc from 'fast-check';
import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive, ARCHIVE_START_MS } from '../fixture/an-archive';
import { objectRanges, play, shownInOrder } from '../fixture/play';
import { sampleOffsets } from '@clipmesh/media';

const shape = fc.record({
  framesPerGop: fc.integer({ min: 1, max: 30 }),
  gopsPerSegment: fc.integer({ min: 1, max: 5 }),
  hasBFrames: fc.boolean(),
  hasAudio: fc.boolean(),
});

const aRange = fc.tuple(fc.nat(8000), fc.integer({ min: 40, max: 6000 }));

describe('a plan', () => {
  it('shows each frame of one range exactly once and no other, however segments are made', () => {
    fc.assert(
      fc.property(shape, aRange, (changes, [startMs, lengthMs]) => {
        const { segments } = anArchive().shaped(changes).withSegments(6).build();
        const endMs = startMs + lengthMs;
        fc.pre(segments.at(-1)!.endMs > ARCHIVE_START_MS + startMs + 80);
        const plan = planOf({ segments }, [fromTo(startMs, endMs)]);
        const shown = shownInOrder(plan, 'video').map(({ wallMs }) => Math.round(wallMs) - ARCHIVE_START_MS);
        const frames = segments.reduce((sum, { tracks }) => sum + tracks[0]!.samples.count, 0);
        const expected = Array.from({ length: frames }, (_, i) => i * 40).filter(
          (ms) => ms >= startMs && ms < endMs,
        );
        expect(shown).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('takes bytes in whole leaves, each at most once, with every sample in them and no picture of another GOP', () => {
    fc.assert(
      fc.property(shape, fc.array(aRange, { minLength: 1, maxLength: 3 }), (changes, ranges) => {
        const { segments } = anArchive().shaped(changes).withSegments(6).build();
        const recordedMs = segments.at(-1)!.endMs - ARCHIVE_START_MS;
        fc.pre(ranges.every(([start]) => start + 80 < recordedMs));
        const plan = planOf(
          { segments },
          ranges.map(([start, length]) => fromTo(start, start + length)),
        );
        const isIn = (object: number, start: number, end: number) =>
          objectRanges(plan).filter(
            (range) => range.object === object && range.offset <= start && end <= range.offset + range.length,
          ).length;
        for (const { object, offset, length } of objectRanges(plan)) {
          let end = 0;
          const borders = new Set([0, ...plan.objects[object]!.leaves.map((leaf) => (end += leaf.length))]);
          expect([borders.has(offset), borders.has(offset + length)]).toEqual([true, true]);
        }
        const samples = [...play(plan, 'video'), ...play(plan, 'audio')];
        expect(
          samples.every(({ object, offset, sizeBytes }) => isIn(object, offset, offset + sizeBytes) === 1),
        ).toBe(true);
        const gops = new Set(
          play(plan, 'video').map(({ key, sample }) => `${key} ${Math.floor(sample / changes.framesPerGop)}`),
        );
        plan.objects.forEach((object, number) => {
          const video = segments.find(({ key }) => key === object.key)!.tracks[0]!;
          sampleOffsets(video.samples).forEach((offset, sample) => {
            const isWanted = gops.has(`${object.key} ${Math.floor(sample / changes.framesPerGop)}`);
            expect(isIn(number, offset, offset + video.samples.sizes[sample]!)).toBe(isWanted ? 1 : 0);
          });
        });
      }),
      { numRuns: 30 },
    );
  });
});
