import { REQUESTS, type JobEstimate } from '@clipmesh/contracts';
import { clipJob } from '@clipmesh/local';
import { mediaTool } from '@clipmesh/testkit';
import { VideoBrowser } from '../probe/chromium';
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
    const footage = { seconds: 10, fps: FPS, gopSeconds: 1, firstNumber: 0 };
    files.push((await world().record('reset', START, footage)).file);
    const larger = { ...footage, size: '480x360', firstNumber: 10 * FPS };
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

  it('goes into a file for each size where the job asks for split, whatever happens to the sink-writer', async () => {
    const { client, mesh } = world();
    const request = { name: 'each-size', sourceVideo: 'reset', ranges: [range] };
    const job = clipJob({ ...request, options: { onConfigChange: 'split' } });
    const foretold = await client.bus.request<JobEstimate>(REQUESTS.jobsEstimate, job);
    const { id } = await client.putJob(job);
    const sink = mesh.services['sink-writer'];
    await world().until(id, async () => (await world().keys('exports', `${id}/`)).length > 0);
    await sink.kill();
    await sink.start();
    const { properties } = await client.jobEnd('each-size');
    expect(properties).toMatchObject({ state: 'Completed', progress: { gaps: [] } });
    const [small, large] = await Promise.all(files.map(pictures));
    const { output } = properties;
    expect([output!.videoName, output!.further!.map(({ videoName }) => videoName)]).toEqual([
      'each-size',
      ['each-size-2'],
    ]);
    expect(await pictures(await world().download('each-size'))).toEqual(small!.slice(4 * FPS));
    expect(await pictures(await world().download('each-size-2'))).toEqual(large!.slice(0, 6 * FPS));
    expect(foretold).toMatchObject({ files: 2, durationMs: 12_000, errors: [] });
    expect(foretold.bytes!.value).toBe(output!.bytes + output!.further![0]!.bytes);
    await world().cleaned({ id, name: 'each-size' });
    expect(await world().keys('work', `${id}/`)).toEqual([]);
    expect(await world().keys('exports', `${id}/`)).toHaveLength(4);
  }, 90_000);

  it('plays in a browser, and seeks over the change in both directions', async () => {
    const browser = await VideoBrowser.launch();
    try {
      const page = await browser.open(await world().download('both-sizes'));
      expect(page.first.frameNumber).toBe(4 * FPS);
      // The middle of a frame; the change is 6 s from the start.
      for (const seconds of [9.02, 5.9, 6.02, 1.5, 11.94, 5.98, 0.02]) {
        const { frameNumber } = await page.frameAt(seconds);
        expect([seconds, frameNumber]).toEqual([seconds, Math.floor((4 + seconds) * FPS)]);
      }
      const played = await page.play();
      expect(played.at(-1)?.frameNumber).toBe(16 * FPS - 1);
    } finally {
      await browser.close();
    }
  }, 90_000);
});
