import * as fc from 'fast-check';
import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive } from '../fixture/an-archive';
import type { MoviePlan, PlanRun } from './movie-plan';
import { decodeMoviePlan, encodeMoviePlan } from './plan-codec';

type RareFields = Pick<PlanRun, 'skippedSamples' | 'syncPrefixBytes'>;

const RANGES = [fromTo(1230, 3000), fromTo(4500, 5500), fromTo(9000, 11_000)];

/** A plan of three runs a track; those of its video have these fields besides. */
function planWith(rare: readonly RareFields[]): MoviePlan {
  const plan = planOf(anArchive().shaped({ hasBFrames: true }).withSegments(3).build(), RANGES);
  const tracks = plan.tracks.map((track) =>
    track.kind === 'video' ? { ...track, runs: track.runs.map((run, i) => ({ ...run, ...rare[i] })) } : track,
  );
  return { ...plan, tracks };
}

const stored = (plan: MoviePlan): MoviePlan => decodeMoviePlan(encodeMoviePlan(plan));
const runsOf = ({ tracks }: MoviePlan): readonly PlanRun[] => tracks.flatMap(({ runs }) => runs);

describe('the codec of plans keeps of a run', () => {
  it.each<[string, RareFields]>([
    ['pictures that are left out', { skippedSamples: 3 }],
    ['parameter sets in band', { syncPrefixBytes: 43 }],
    ['both', { skippedSamples: 2, syncPrefixBytes: 43 }],
    ['neither', {}],
  ])('%s, and adds nothing to its neighbours', (_, rare) => {
    const plan = planWith([{}, rare, {}]);
    expect(runsOf(stored(plan))).toStrictEqual(runsOf(plan));
  });

  it('any of them in any order', () => {
    const some = fc.record(
      { skippedSamples: fc.integer({ min: 1, max: 9 }), syncPrefixBytes: fc.integer({ min: 1, max: 900 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(some, { minLength: 3, maxLength: 3 }), (rare) => {
        const plan = planWith(rare);
        expect(runsOf(stored(plan))).toStrictEqual(runsOf(plan));
      }),
      { seed: 20_261_101, numRuns: 40 },
    );
  });
});

it('the codec of plans keeps bytes of ours where they stand between ranges of objects', () => {
  const plan = planWith([{ syncPrefixBytes: 3 }, {}, {}]);
  const [first, ...others] = plan.ranges;
  const ranges = [{ inline: Uint8Array.of(1, 2, 3) }, first!, { inline: Uint8Array.of(4, 5, 6) }, ...others];
  const read = stored({ ...plan, ranges }).ranges.map((range) =>
    'inline' in range ? { inline: Uint8Array.from(range.inline) } : range,
  );
  expect(read).toEqual(ranges);
});
