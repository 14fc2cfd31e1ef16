import { HOUR_MS } from '@clipmesh/archive';
import { wallTime } from '@clipmesh/media';
import type { Catalog } from './catalog';
import { HourKeeper } from './hour-keeper';

/** A keeper that was given hours 10 and 11, long over, and what its catalog was asked to merge. */
function setup(merge: (hour: number) => Promise<'merged' | 'lost'>) {
  const asked: number[] = [];
  const catalog: Pick<Catalog, 'mergeHour'> = {
    mergeHour: (_videoId, hour) => {
      asked.push(hour);
      return merge(hour);
    },
  };
  const store = { list: async function* () {}, removeMany: () => Promise.resolve() };
  const clock = { nowMs: wallTime(11 * HOUR_MS) };
  const options = { closeAfterMs: 0, graceMs: HOUR_MS };
  const keeper = new HourKeeper(catalog as Catalog, store, () => clock.nowMs, options);
  keeper.touch('video', 11);
  clock.nowMs = wallTime(20 * HOUR_MS);
  return { keeper, asked };
}

it('merges an hour again when somebody else has won', async () => {
  const { keeper, asked } = setup(() => Promise.resolve(asked.length <= 2 ? 'lost' : 'merged'));
  await keeper.closeHours();
  await keeper.closeHours();
  await keeper.closeHours();
  expect(asked).toEqual([10, 11, 10, 11]);
});

it('closes the other hours when one cannot be closed, and tells of that one', async () => {
  const { keeper, asked } = setup((hour) =>
    hour === 10 ? Promise.reject(new Error('hour 10 is damaged')) : Promise.resolve('merged'),
  );
  await expect(keeper.closeHours()).rejects.toThrow('hour 10 is damaged');
  expect(asked).toEqual([10, 11]);
});
