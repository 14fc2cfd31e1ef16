import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive } from '../fixture/an-archive';
import { play, shownInOrder } from '../fixture/play';
import { refusalOf } from '../fixture/refusal';
import type { IndexedObject, SegmentEntry } from '../index/segment-entry';
import { makeEncodedPlan } from './encoded-plan';

/** Encoded parts: their sound begins with 1,024 samples of priming before the first frame. */
function partsOf(count: number): IndexedObject[] {
  const { segments } = anArchive().shaped({ hasBFrames: true }).withSegments(count).build();
  return segments.map((segment: SegmentEntry) => ({
    ...segment,
    bucket: 'work',
    tracks: segment.tracks.map((track) =>
      track.kind === 'audio' ? { ...track, decodeStart: -1024 as never } : track,
    ),
  }));
}

function setup() {
  const archive = anArchive().shaped({ hasBFrames: true }).withSegments(4).build();
  const source = planOf(archive, [fromTo(1230, 5230), fromTo(8500, 12_500)]);
  return { source, parts: partsOf(2).map((object, window) => ({ object, window })) };
}

describe('makeEncodedPlan', () => {
  it('shows every frame of every part, one behind another', () => {
    const { source, parts } = setup();
    const shown = shownInOrder(makeEncodedPlan(source, parts), 'video');
    expect(shown).toHaveLength(200);
    shown.forEach((frame, i) => {
      expect(frame.at).toBeCloseTo(i * 0.04, 6);
    });
  });

  it('hides the priming of the sound and nothing else', () => {
    const { source, parts } = setup();
    const plan = makeEncodedPlan(source, parts);
    expect(plan.tracks[1]!.presentation.mediaTime).toBe(1024);
    expect(play(plan, 'audio').filter(({ isShown }) => !isShown)).toHaveLength(1);
    expect(play(plan, 'video').filter(({ isShown }) => !isShown)).toHaveLength(0);
  });

  it('delivers exactly the asked ranges and names the segments', () => {
    const { source, parts } = setup();
    const plan = makeEncodedPlan(source, parts);
    expect(source.delivered).toEqual(
      [fromTo(1000, 5230), fromTo(8000, 12_500)].map((range, i) => (i === 0 ? fromTo(1230, 5280) : range)),
    );
    expect(plan.delivered).toEqual([fromTo(1230, 5230), fromTo(8500, 12_500)]);
    expect([plan.edges, plan.warnings]).toEqual(['exact', []]);
    expect(plan.sources).toEqual(source.objects);
  });

  it('takes whole parts, whatever order they come in', () => {
    const { source, parts } = setup();
    const plan = makeEncodedPlan(source, [...parts].reverse());
    expect(plan.ranges).toEqual(
      parts.map(({ object }, i) => ({ object: i, offset: 0, length: object.sizeBytes })),
    );
  });

  it('says where each range lies on the timeline', () => {
    const { source, parts } = setup();
    expect(makeEncodedPlan(source, parts).windows).toEqual([
      { range: 0, from: 512, to: 512 * 101 },
      { range: 1, from: 512 * 101, to: 512 * 201 },
    ]);
  });

  it('refuses a part too few', () => {
    const { source, parts } = setup();
    expect(refusalOf(() => makeEncodedPlan(source, parts.slice(1)))).toMatchObject({ code: 'OutputInvalid' });
  });

  it('refuses parts that cannot share a sample entry', () => {
    const { source, parts } = setup();
    const [first, second] = parts;
    const tracks = second!.object.tracks.map((track) => ({ ...track, width: 111 }));
    const differing = [first!, { ...second!, object: { ...second!.object, tracks } }];
    expect(refusalOf(() => makeEncodedPlan(source, differing))).toMatchObject({ code: 'OutputInvalid' });
  });
});
