import { eventSubject } from '@clipmesh/contracts';
import { clipJob, type ServiceName } from '@clipmesh/local';
import { secondsAfter, sha256Of, withWorld } from './world';

const world = withWorld();
const START = '2026-11-01T05:20:00.000Z';
const RANGE = [secondsAfter(START, 1.5), secondsAfter(START, 58.2)] as const;

/** Resolves when any job tells of its entering the state. */
function anyEnters(state: string): Promise<void> {
  const { client } = world();
  return new Promise((resolve) => {
    const stop = client.bus.onNudge(eventSubject('job', '*', state), () => {
      void stop();
      resolve();
    });
  });
}

describe('a service that is killed during a job and started again', () => {
  let undisturbed = '';
  beforeAll(async () => {
    await world().record('gate-1', START, {
      seconds: 60,
      gopSeconds: 2,
      audio: true,
      size: '640x360',
      videoKbps: 3000,
    });
    await world().export({ name: 'undisturbed', sourceVideo: 'gate-1', ranges: [RANGE] });
    undisturbed = await sha256Of(await world().download('undisturbed'));
  }, 240_000);

  it.each<[service: ServiceName, state: string]>([
    ['topology-registry', 'created'],
    ['job-scheduler', 'created'],
    ['segment-reader', 'created'],
    ['job-scheduler', 'writing'],
    ['sink-writer', 'writing'],
    ['segment-reader', 'publishing'],
    ['job-scheduler', 'publishing'],
  ])(
    '%s, killed when the job is %s: the same file in the end',
    async (service, state) => {
      const { client, mesh, keys } = world();
      const name = `${service}-${state}`;
      const reached = anyEnters(state);
      const { id } = await client.putJob(clipJob({ name, sourceVideo: 'gate-1', ranges: [RANGE] }));
      await reached;
      await mesh.services[service].kill();
      await mesh.services[service].start();
      const job = await client.jobEnd(name);
      expect(job.properties).toMatchObject({ state: 'Completed' });
      expect(await sha256Of(await world().download(name))).toBe(undisturbed);
      await world().cleaned({ id, name });
      expect((await keys('exports', `${id}/`)).filter((key) => key.endsWith('.mp4'))).toHaveLength(1);
      expect(await world().store.listUploads('exports', '')).toEqual([]);
    },
    120_000,
  );

  it('encoder-worker, killed while it encodes: the job completes', async () => {
    const { client, mesh } = world();
    const clip = {
      name: 'encoder-killed',
      sourceVideo: 'gate-1',
      ranges: [RANGE],
      preset: 'SingleLayer_540p_H264_AAC',
    };
    const reached = anyEnters('encoding');
    await client.putJob(clipJob(clip));
    await reached;
    await mesh.services['encoder-worker'].kill();
    await mesh.services['encoder-worker'].start();
    expect((await client.jobEnd('encoder-killed')).properties).toMatchObject({ state: 'Completed' });
  }, 240_000);
});
