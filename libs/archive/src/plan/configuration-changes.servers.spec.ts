import { makeFootage, mediaTool, withTemporaryFolder } from '@clipmesh/testkit';
import { join } from 'node:path';
import { requestOf } from '../fixture/a-plan';
import { archiveOf, footageRange, writeFootage, type FootageArchive } from '../../test/footage-archive';
import { refusalOf } from '../fixture/refusal';
import { planMovie } from './plan-movie';
import { planMovies } from './plan-movies';
import { planOfWindow } from './sub-plan';

/** Cameras that are set anew while they record: real footage, planned and laid out by us, decoded by ffmpeg. */

const folder = withTemporaryFolder();
jest.setTimeout(60_000);

/** Hashes of all pictures at the size they have, whatever it is; rejects when the decoder finds anything wrong. */
async function pictures(path: string): Promise<string[]> {
  const { stdout } = await mediaTool('ffmpeg', [
    ...['-v', 'error', '-xerror', '-err_detect', 'explode', '-i', path, '-map', '0:v'],
    ...['-autoscale', '0', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'],
  ]);
  const lines = stdout.split('\n').filter((line) => /^\d/.test(line));
  return lines.map((line) => line.split(',').at(-1)!.trim());
}

const SIZES = { small: '320x240', large: '480x360' } as const;

async function footage(
  codec: 'h264' | 'h265',
  size: keyof typeof SIZES,
  layout: 'fragmented' | 'progressive',
  audio = false,
): Promise<string> {
  const path = join(folder, `${codec}-${size}-${layout}-${String(audio)}.mp4`);
  const bFrames = size === 'large' ? 2 : 0;
  return makeFootage({ path, seconds: 2, codec, size: SIZES[size], layout, bFrames, audio });
}

const request = (archive: FootageArchive, startMs: number, endMs: number) =>
  requestOf(archive, [footageRange(startMs, endMs)]);

describe.each(['h264', 'h265'] as const)('a change of size in %s', (codec) => {
  let archive: FootageArchive;
  let small: string[];
  let large: string[];

  beforeAll(async () => {
    const [a, b] = [
      await footage(codec, 'small', 'fragmented'),
      await footage(codec, 'large', 'progressive', true),
    ];
    [small, large] = [await pictures(a), await pictures(b)];
    const { objects, segments } = await archiveOf([a, b]);
    // The first configuration comes back.
    const length = segments[0]!.endMs - segments[0]!.startMs;
    const again = { ...segments[0]!, key: `${a} again`, startMs: segments[1]!.endMs };
    const endMs = (again.startMs + length) as typeof again.endMs;
    archive = {
      segments: [...segments, { ...again, endMs }],
      objects: new Map([...objects, [again.key, objects.get(a)!]]),
    };
  });

  it('plays in one file with parameter sets in band, there and back', async () => {
    const plan = planMovie({ ...request(archive, 500, 5500), onConfigChange: 'in-band' });
    const path = await writeFootage(join(folder, `${codec}-in-band.mp4`), plan, archive);
    const shown = await pictures(path);
    expect(shown).toEqual([...small.slice(13), ...large, ...small.slice(0, 38)]);
    const changes = plan.warnings.filter(({ code }) => code === 'ConfigurationChanged');
    expect(changes.map(({ message }) => /320x240 to|480x360 to/.exec(message)?.[0])).toEqual([
      '320x240 to',
      '480x360 to',
    ]);
  });

  it('feeds an encoder a window behind the change', async () => {
    const asked = requestOf(archive, [footageRange(0, 1000), footageRange(2600, 3000)]);
    const plan = planMovie({ ...asked, onConfigChange: 'in-band' });
    const part = planOfWindow(plan, plan.windows[1]!);
    const path = await writeFootage(join(folder, `${codec}-window.mp4`), part, archive);
    expect(await pictures(path)).toEqual(large.slice(15, 25));
  });

  it('becomes one file for each configuration, which have every frame between them', async () => {
    const plans = planMovies({ ...request(archive, 500, 5500), onConfigChange: 'split' });
    const shown: string[] = [];
    for (const [i, plan] of plans.entries()) {
      shown.push(
        ...(await pictures(await writeFootage(join(folder, `${codec}-${String(i)}.mp4`), plan, archive))),
      );
    }
    expect(plans.map(({ tracks }) => tracks[0]!.width)).toEqual([320, 480, 320]);
    expect(shown).toEqual([...small.slice(13), ...large, ...small.slice(0, 38)]);
    expect(plans[1]!.warnings.map(({ code }) => code)).toEqual([
      'ConfigurationChanged',
      'ConfigurationChanged',
    ]);
    expect(plans[0]!.requested[0]!.endMs).toBe(plans[1]!.requested[0]!.startMs);
  });

  it('fails without a policy, and says which there are', () => {
    expect(refusalOf(() => planMovie(request(archive, 500, 5500)))).toMatchObject({
      code: 'SampleEntryChanged',
      hint: expect.stringContaining('Set onConfigChange to in-band') as string,
    });
  });
});

it('does not put one codec into the file of another', async () => {
  const paths = [await footage('h264', 'small', 'fragmented'), await footage('h265', 'small', 'fragmented')];
  const asked = request(await archiveOf(paths), 0, 4000);
  expect(refusalOf(() => planMovie({ ...asked, onConfigChange: 'in-band' }))).toMatchObject({
    code: 'SampleEntryChanged',
    message: expect.stringContaining('the codec changes from H.264 to H.265') as string,
  });
  expect(planMovies({ ...asked, onConfigChange: 'split' })).toHaveLength(2);
});

it.each([
  ['VP9', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8']],
  ['AV1', ['-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8', '-row-mt', '1']],
])('needs nothing in band for %s, whose sync samples say all', async (name, codec) => {
  const paths = [];
  for (const size of ['160x120', '192x144']) {
    const path = join(folder, `${name}-${size}.mp4`);
    const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10:duration=1`, '-pix_fmt', 'yuv420p'];
    await mediaTool('ffmpeg', ['-v', 'error', ...source, ...codec, '-g', '5', path]);
    paths.push(path);
  }
  const archive = await archiveOf(paths);
  const plan = planMovie({ ...request(archive, 0, 2000), onConfigChange: 'in-band' });
  expect(plan.ranges.some((range) => 'inline' in range)).toBe(false);
  const path = await writeFootage(join(folder, `${name}.mp4`), plan, archive);
  expect(await pictures(path)).toEqual([...(await pictures(paths[0]!)), ...(await pictures(paths[1]!))]);
});
