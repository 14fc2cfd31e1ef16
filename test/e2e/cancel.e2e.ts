import { readdirSync, readFileSync } from 'node:fs';
import { REQUESTS } from '@clipmesh/contracts';
import { clipJob } from '@clipmesh/local';
import { TYPE_NAMES } from '@clipmesh/pipeline';
import { customExport } from './custom-export';
import { EventCount } from './event-count';
import { secondsAfter, withWorld } from './world';

const world = withWorld();
const START = '2026-11-01T05:20:00.000Z';
const RACES = process.env['CLIPMESH_TEST_FULL'] === '1' ? 300 : 100;

/** Parts of 30 MB, whose uploads begin long before their ends. */
const BULKY = customExport('bulky-export', {
  videoEncoder: {
    '@type': TYPE_NAMES.videoEncoderH264,
    quality: '1',
    speed: 'ultrafast',
    scale: { mode: 'Stretch', width: '1920', height: '1080' },
  },
});

/** Process ids of every running ffmpeg that descends from the process: `/proc`, because nobody of ours tells it. */
function ffmpegsUnder(ancestor: number): number[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [, name = '', rest = ''] =
          /^\d+ \((.*)\) \S (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return [{ pid: Number(pid), name, parent: Number(rest.split(' ')[0]) }];
      } catch {
        return []; // it ended while we looked
      }
    });
  const parents = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const descends = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === ancestor || (parent > 1 && descends(parent));
  };
  return processes.filter(({ pid, name }) => name === 'ffmpeg' && descends(pid)).map(({ pid }) => pid);
}

describe('a recorded minute', () => {
  beforeAll(async () => {
    await world().record('gate-1', START, { seconds: 60, gopSeconds: 2, size: '1280x720', videoKbps: 3000 });
  }, 240_000);

  it('is let go within 2 s when its encoding is canceled: no ffmpeg, upload or scratch stays', async () => {
    const { client, mesh, keys, store } = world();
    const clip = {
      name: 'unwanted',
      sourceVideo: 'gate-1',
      ranges: [[START, secondsAfter(START, 60)]] as const,
    };
    await client.bus.request(REQUESTS.topologiesPut, BULKY);
    const { id } = await client.putJob({ ...clipJob(clip), topologyName: BULKY.name });
    const worker = mesh.services['encoder-worker'].pid!;
    // Something of everything that must be gone.
    const uploads = (key = '') => store.listUploads('work', key);
    await world().until(id, async () => ffmpegsUnder(worker).length > 0 && (await uploads()).length > 0);
    const underWay = await uploads();
    expect(await keys('work', `${id}/`)).not.toEqual([]);
    const canceledAt = performance.now();
    await client.bus.request(REQUESTS.jobsCancel, { name: 'unwanted' });
    const job = await client.jobEnd('unwanted');
    expect(performance.now() - canceledAt).toBeLessThan(2_000);
    expect(ffmpegsUnder(worker)).toEqual([]);
    expect(job.properties.state).toBe('Canceled');
    // The store answers an exact key from its disks, and all keys from memory.
    const left = await Promise.all(['', ...underWay.map(({ key }) => key)].map(uploads));
    expect(left.flat()).toEqual([]);
    expect(await store.listUploads('exports', '')).toEqual([]);
    expect(await keys('work')).toEqual([]);
    expect(await keys('exports')).toEqual([]);
    await expect(client.getVideo('unwanted')).rejects.toMatchObject({ code: 'VideoNotFound' });
  }, 120_000);

  it(`ends either canceled without a file or completed with one, ${RACES} times`, async () => {
    const { client, keys } = world();
    const events = new EventCount(client);
    const outcomes = { Canceled: 0, Completed: 0 };
    for (let race = 0; race < RACES; race++) {
      const name = `race-${String(race)}`;
      const clip = { name, sourceVideo: 'gate-1', ranges: [[START, secondsAfter(START, 4)]] as const };
      const { id } = await client.putJob(clipJob(clip));
      // The cancel is sent a little later each time, so that it meets every step of the job's life.
      await events.reach(id, race % 6);
      await client.bus.request(REQUESTS.jobsCancel, { name }).catch((error: unknown) => {
        expect(error).toMatchObject({ kind: 'conflict' });
      });
      const { state } = (await client.jobEnd(name)).properties;
      const files = (await keys('exports', `${id}/`)).filter((key) => key.endsWith('.mp4'));
      expect({ state, files: files.length }).toEqual({ state, files: state === 'Completed' ? 1 : 0 });
      outcomes[state as keyof typeof outcomes] += 1;
    }
    await events.stop();
    // A run in which only one of them ever happened has raced nothing.
    expect(outcomes.Canceled).toBeGreaterThan(0);
    expect(outcomes.Completed).toBeGreaterThan(0);
  }, 240_000);
});
