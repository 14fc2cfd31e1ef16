import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive } from '../fixture/an-archive';
import { withParameterSets } from '../fixture/parameter-sets';
import { refusalOf } from '../fixture/refusal';
import { copyStarts, expectIdr } from './copy-starts';
import { edgePlan } from './edge-windows';

const archive = anArchive().withSegments(3).build();
const planned = (...ranges: readonly (readonly [number, number])[]) =>
  edgePlan(
    withParameterSets(
      planOf(
        archive,
        ranges.map(([from, to]) => fromTo(from, to)),
      ),
    ),
  );

/** NAL units behind their lengths, as they stand in a sample. */
function sampleOf(...types: readonly number[]): Uint8Array {
  return Buffer.concat(types.map((type) => Buffer.from([0, 0, 0, 3, 0x60 | type, 1, 2])));
}

describe('copyStarts', () => {
  it('names the first picture of every stretch that is copied', () => {
    const plan = planned([1240, 5240], [8040, 8960], [9200, 9900]);
    const offsets = archive.segments.map(({ tracks }) => [...tracks[0]!.samples.chunkOffsets]);
    const keys = copyStarts(plan).map(({ object, offset, length }) => [
      plan.objects[object]?.key,
      offset,
      length,
    ]);
    // The first GOP that begins in each range: the third has none.
    expect(keys).toEqual([['segment-0.mp4', offsets[0]![2], 400]]);
  });

  it('names one that is copied by a task', () => {
    const plan = planned([2000, 2400]);
    expect(copyStarts(plan)).toHaveLength(1);
    expect(plan.windows).toEqual([expect.objectContaining({ copiedTo: plan.windows[0]!.to })]);
  });
});

describe('expectIdr', () => {
  const plan = planned([1240, 5240]);

  it.each([
    ['alone', [5]],
    ['behind a delimiter, parameter sets and a message', [9, 7, 8, 6, 5]],
  ])('takes an IDR picture %s', (_, types) => {
    expect(() => {
      expectIdr(plan, sampleOf(...types));
    }).not.toThrow();
  });

  it.each([
    ['another slice', [9, 6, 1, 5]],
    ['no slice', [9, 7, 8]],
    ['nothing', []],
  ])('refuses %s', (_, types) => {
    expect(
      refusalOf(() => {
        expectIdr(plan, sampleOf(...types));
      }),
    ).toMatchObject({ code: 'EdgesUnsupported' });
  });
});
