import { exportKey, manifestKey } from '@clipmesh/contracts';
import { clipJob } from '@clipmesh/local';
import { secondsAfter, sha256Of, withWorld } from './world';

const world = withWorld();
const START = '2026-11-01T05:20:00.000Z';
const RANGE = [secondsAfter(START, 1), secondsAfter(START, 119)] as const;
/** 30 MB a segment: the store needs some time to copy twelve of them. */
const FOOTAGE = { seconds: 120, gopSeconds: 2, videoKbps: 24_000 };

describe('a file that is half written when its sink-writer goes away', () => {
  let undisturbed = '';
  beforeAll(async () => {
    await world().record('gate-1', START, FOOTAGE);
    const job = await world().export({ name: 'undisturbed', sourceVideo: 'gate-1', ranges: [RANGE] });
    expect(job.properties).toMatchObject({ state: 'Completed' });
    undisturbed = await sha256Of(await world().download('undisturbed'));
  }, 240_000);

  it.each(['kill', 'stop'] as const)(
    'after a %s: the next one goes on with its parts, and the file is the same',
    async (how) => {
      const { client, mesh, keys, store } = world();
      const sink = mesh.services['sink-writer'];
      const { id } = await client.putJob(clipJob({ name: how, sourceVideo: 'gate-1', ranges: [RANGE] }));
      const storedParts = async (): Promise<number> => {
        const [upload] = await store.listUploads('exports', exportKey(id, 1));
        return upload === undefined ? 0 : (await store.listParts(upload)).length;
      };
      // Asked again and again: no event tells of a part, and the file must not be whole by the time of the next one.
      for (let stored = 0; stored === 0; stored = await storedParts());
      await sink[how]();
      expect(await storedParts()).toBeGreaterThan(0);
      await sink.start();
      expect((await client.jobEnd(how)).properties).toMatchObject({ state: 'Completed' });
      expect(await sha256Of(await world().download(how))).toBe(undisturbed);
      await world().cleaned({ id, name: how });
      // The second claim finished the file where the first one had begun it.
      expect(await keys('exports', `${id}/`)).toEqual([exportKey(id, 1), manifestKey(id, 2)]);
      expect(await store.listUploads('exports', '')).toEqual([]);
    },
    120_000,
  );
});
