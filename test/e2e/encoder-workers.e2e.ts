import { chmod, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { BUCKETS, REQUESTS } from '@clipmesh/contracts';
import { clipJob } from '@clipmesh/local';
import { frameNumbers, withTemporaryFolder } from '@clipmesh/testkit';
import { partUnderWay } from './part-under-way';
import { secondsAfter, withWorld } from './world';

const folder = withTemporaryFolder();
/** What ffmpeg is to stumble over, as it stands in the bytes of a segment; one word a line: `crash` or `hang`. */
const poison = join(folder, 'poison');
const world = withWorld({
  CLIPMESH_PART_SECONDS: '4',
  CLIPMESH_ENCODE_SLOTS: '1',
  CLIPMESH_ENCODE_STALL_MS: '1500',
  PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
});
const START = '2026-11-01T05:20:00.000Z';
const FPS = 25;
const SECONDS = 40;
const PRESET = 'SingleLayer_540p_H264_AAC';

/**
 * An ffmpeg that crashes, or hangs, when the poison is in what it reads. A real decoder that does so cannot be had for the asking; all
 * else is the real one.
 */
const STUMBLING_FFMPEG = (real: string) => `#!/bin/sh
if [ ! -s '${poison}.bytes' ]; then exec '${real}' "$@"; fi
input=$(mktemp '${folder}/input.XXXXXX')
cat > "$input"
if LC_ALL=C grep -qaF -f '${poison}.bytes' "$input"; then
  rm "$input"
  case $(cat '${poison}') in
    crash) kill -SEGV $$ ;;
    hang) exec sleep 600 ;;
  esac
fi
'${real}' "$@" < "$input"
status=$?
rm "$input"
exit $status
`;

beforeAll(async () => {
  const real = execFileSync('sh', ['-c', 'command -v ffmpeg']).toString().trim();
  execFileSync('mkdir', ['-p', join(folder, 'bin')]);
  await writeFile(join(folder, 'bin', 'ffmpeg'), STUMBLING_FFMPEG(real));
  await chmod(join(folder, 'bin', 'ffmpeg'), 0o755);
  const footage = { seconds: SECONDS, fps: FPS, gopSeconds: 2, bFrames: 2, audio: true, firstNumber: 0 };
  await world().record('yard', START, footage);
}, 120_000);

afterEach(async () => {
  await writeFile(`${poison}.bytes`, '');
});

const numbers = (from: number, to: number) =>
  Array.from({ length: Math.round((to - from) * FPS) }, (_, i) => Math.round(from * FPS) + i);

const clip = (name: string, start: number, end: number, options?: Record<string, unknown>) =>
  clipJob({
    name,
    sourceVideo: 'yard',
    ranges: [[secondsAfter(START, start), secondsAfter(START, end)]],
    preset: PRESET,
    ...(options === undefined ? {} : { options }),
  });

/** Has ffmpeg stumble over the first GOP of the second segment: from 10 s to 12 s. */
async function poisonSecondSegment(how: 'crash' | 'hang'): Promise<void> {
  const keys = (await world().keys('archive')).filter((key) => key.endsWith('.mp4')).sort();
  const segments = await Promise.all(
    keys.map((key) => world().store.readAll({ bucket: BUCKETS.archive, key })),
  );
  const bytes = segments[1]!;
  // Some bytes of its first picture that are nowhere else, without any that a line cannot hold.
  for (let from = bytes.indexOf('mdat') + 1_000; ; from++) {
    const pattern = bytes.subarray(from, from + 12);
    const places = segments.flatMap((segment) => [segment.indexOf(pattern), segment.lastIndexOf(pattern)]);
    const isOnce = places.every((place, i) => place === (i === 2 || i === 3 ? from : -1));
    if (!pattern.includes(0) && !pattern.includes(10) && isOnce) {
      await writeFile(poison, how);
      await writeFile(`${poison}.bytes`, pattern);
      return;
    }
  }
}

async function expectNothingLeft(name: string, id: string): Promise<void> {
  await world().cleaned({ id, name });
  expect(await world().keys('work', `${id}/`)).toEqual([]);
  expect(await world().store.listUploads('work', '')).toEqual([]);
}

it.each([
  ['encoder-worker', 'kill'],
  ['encoder-worker', 'stop'],
  ['job-scheduler', 'kill'],
] as const)(
  'goes on when the %s goes away in the middle of a part: %s',
  async (service, how) => {
    const name = `${service}-${how}`;
    const underWay = partUnderWay(world().client);
    const { id } = await world().client.putJob(clip(name, 1.5, 38.5));
    await underWay;
    const program = world().mesh.services[service];
    await program[how]();
    await program.start();
    expect((await world().client.jobEnd(name)).properties).toMatchObject({ state: 'Completed' });
    expect(await frameNumbers(await world().download(name))).toEqual(numbers(1.52, 38.52));
    await expectNothingLeft(name, id);
  },
  180_000,
);

it('leaves a segment out that crashes the decoder, and says so', async () => {
  await poisonSecondSegment('crash');
  const { id } = await world().client.putJob(clip('crashing', 0, 40));
  const { properties } = await world().client.jobEnd('crashing');
  const gap = { start: secondsAfter(START, 10), end: secondsAfter(START, 12), reason: 'undecodable' };
  expect(properties).toMatchObject({ state: 'Completed', progress: { gaps: [gap] } });
  const shown = await frameNumbers(await world().download('crashing'));
  expect(shown).toEqual([...numbers(0, 10), ...numbers(12, 40)]);
  await expectNothingLeft('crashing', id);
}, 240_000);

it('fails the job over such a segment where gaps were to fail', async () => {
  await poisonSecondSegment('crash');
  const { id } = await world().client.putJob(clip('not-crashing', 8, 24, { gaps: 'fail' }));
  const { properties } = await world().client.jobEnd('not-crashing');
  expect(properties).toMatchObject({ state: 'Failed', error: { code: 'UndecodableMedia' } });
  expect(properties.error!.message).toContain('2026-11-01T05:20:1');
  await expectNothingLeft('not-crashing', id);
}, 240_000);

it('fails the job when nothing of it can be decoded', async () => {
  await poisonSecondSegment('crash');
  const { id } = await world().client.putJob(clip('nothing', 10.2, 11.8));
  const { properties } = await world().client.jobEnd('nothing');
  expect(properties).toMatchObject({ state: 'Failed', error: { code: 'UndecodableMedia' } });
  await expectNothingLeft('nothing', id);
}, 240_000);

it('ends an ffmpeg that hangs, and counts it', async () => {
  await poisonSecondSegment('hang');
  const { id } = await world().client.putJob(clip('hanging', 8, 22));
  const { properties } = await world().client.jobEnd('hanging');
  const gap = { start: secondsAfter(START, 10), end: secondsAfter(START, 12), reason: 'undecodable' };
  expect(properties).toMatchObject({ state: 'Completed', progress: { gaps: [gap] } });
  await expectNothingLeft('hanging', id);
}, 240_000);

it('stops every ffmpeg of a job that is canceled while it is encoded', async () => {
  const underWay = partUnderWay(world().client);
  const { id } = await world().client.putJob(clip('canceled', 0, 40));
  await underWay;
  await world().client.bus.request(REQUESTS.jobsCancel, { name: 'canceled' });
  expect((await world().client.jobEnd('canceled')).properties).toMatchObject({ state: 'Canceled' });
  await expectNothingLeft('canceled', id);
}, 120_000);
