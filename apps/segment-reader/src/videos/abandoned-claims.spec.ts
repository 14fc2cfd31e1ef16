import type { KvStore } from '@clipmesh/bus';
import type { JobRecord, VideoRecord } from '@clipmesh/contracts';
import type { JobState } from '@clipmesh/pipeline';
import { AbandonedClaims } from './abandoned-claims';
import type { Holds } from './holds';
import type { VideoRecords } from './video-records';

/** Job `n` holds, and has reserved `clip-n`. */
async function releasedWhen(states: Readonly<Record<string, JobState>>): Promise<string[]> {
  const released: string[] = [];
  const ids = ['1', '2', '3', '4'];
  const holds: Pick<Holds, 'jobs' | 'release'> = {
    jobs: () => Promise.resolve(new Set(ids)),
    release: (jobId) => {
      released.push(`hold of ${jobId}`);
      return Promise.resolve();
    },
  };
  const videos = {
    store: listOf(
      ids.map((id) => ({ type: 'File', visibility: 'reserved', jobId: id, name: `clip-${id}` })),
    ) as unknown as KvStore<VideoRecord>,
    dropReservation: (name: string, jobId: string) => {
      released.push(`${name} of ${jobId}`);
      return Promise.resolve();
    },
  };
  const jobs = listOf(Object.entries(states).map(([id, state]) => ({ id, state })));
  await new AbandonedClaims(
    videos as unknown as VideoRecords,
    holds as Holds,
    jobs as unknown as KvStore<JobRecord>,
  ).release();
  return released;
}

function listOf(values: readonly object[]) {
  return {
    async *list() {
      for (const value of values) {
        yield await Promise.resolve({ key: '', revision: 1, value });
      }
    },
  };
}

it('releases what jobs hold that have ended or are gone, and leaves live ones alone', async () => {
  expect(await releasedWhen({ '1': 'planning', '2': 'canceled', '3': 'publishing' })).toEqual([
    'hold of 2',
    'clip-2 of 2',
    'hold of 4',
    'clip-4 of 4',
  ]);
});
