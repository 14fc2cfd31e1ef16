import { mediaTool } from '@clipmesh/testkit';
import { secondsAfter, withWorld } from './world';

const world = withWorld();
const START = '2026-11-01T05:20:00.000Z';
const FPS = 25;

/** Hashes of all pictures at the size they have; rejects when the decoder finds anything wrong. */
async function pictures(path: string): Promise<(string | undefined)[]> {
  const { stdout } = await mediaTool('ffmpeg', [
    ...['-v', 'error', '-xerror', '-err_detect', 'explode', '-i', path, '-map', '0:v'],
    ...['-autoscale', '0', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'],
  ]);
  const lines = stdout.split('\n').filter((line) => /^\d/.test(line));
  return lines.map((line) => line.split(',').at(-1)?.trim());
}

describe('a camera that is set to another size while it records', () => {
  const files: string[] = [];
  const range = [secondsAfter(START, 4), secondsAfter(START, 16)] as const;

  beforeAll(async () => {
    const footage = { seconds: 10, fps: FPS, gopSeconds: 1 };
    files.push((await world().record('reset', START, footage)).file);
    const larger = { ...footage, size: '480x360' };
    files.push((await world().record('reset', secondsAfter(START, 10), larger)).file);
  }, 120_000);

  it('fails the job by default', async () => {
    const job = await world().export({ name: 'one-size', sourceVideo: 'reset', ranges: [range] });
    expect(job.properties).toMatchObject({ state: 'Failed', error: { code: 'SampleEntryChanged' } });
  }, 60_000);

  it('goes into one file that decodes to both sizes where the job asks for in-band', async () => {
    const options = { onConfigChange: 'in-band' };
    const job = await world().export({ name: 'both-sizes', sourceVideo: 'reset', ranges: [range], options });
    expect(job.properties).toMatchObject({
      state: 'Completed',
      progress: { gaps: [], warnings: [{ code: 'ConfigurationChanged' }] },
    });
    const [small, large] = await Promise.all(files.map(pictures));
    const wanted = [...small!.slice(4 * FPS), ...large!.slice(0, 6 * FPS)];
    expect(await pictures(await world().download('both-sizes'))).toEqual(wanted);
  }, 60_000);
});
