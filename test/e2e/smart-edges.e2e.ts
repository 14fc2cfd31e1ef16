import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REQUESTS } from '@clipmesh/contracts';
import { clipJob, record } from '@clipmesh/local';
import {
  barCodeFilters,
  frameNumbers,
  hashedPackets,
  mediaTool,
  presentedFrames,
  type HashedPacket,
} from '@clipmesh/testkit';
import { VideoBrowser } from '../probe/chromium';
import { readStrictly } from '../probe/strict-reader';
import { randomNumbers } from './recorded-range';
import { secondsAfter, withWorld } from './world';

const world = withWorld();
const START = '2026-11-01T05:20:00.000Z';
const SECONDS = 12;
const RATE = 25;
const IS_FULL = process.env['CLIPMESH_TEST_FULL'] === '1';
/** Of each camera. */
const RANGES = IS_FULL ? 25 : 4;
const BROWSED = IS_FULL ? 5 : 1;

interface Footage {
  readonly name: string;
  readonly bFrames: number;
  readonly gopSeconds: number;
}

const CAMERAS: readonly Footage[] = [
  { name: 'plain', bFrames: 0, gopSeconds: 1 },
  { name: 'reordered', bFrames: 3, gopSeconds: 1.2 },
];

/** Cameras whose edges cannot be encoded so that every player shows them. */
const REFUSED = [
  { name: 'hevc', video: ['-c:v', 'libx265', '-x265-params', 'log-level=error:keyint=25'], why: 'not H.264' },
  { name: 'deep', video: ['-c:v', 'libx264', '-pix_fmt', 'yuv420p10le', '-g', '25'], why: '8 bits' },
  {
    name: 'open-gops',
    video: ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '2', '-x264-params', 'open-gop=1:keyint=25'],
    why: 'open GOP',
  },
  {
    name: 'no-idr',
    video: [
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-bf',
      '0',
      '-x264-params',
      'intra-refresh=1:keyint=25',
    ],
    why: 'no IDR',
  },
];

interface Recorded {
  readonly path: string;
  readonly bytes: Buffer;
  readonly video: readonly HashedPacket[];
  readonly sound: readonly HashedPacket[];
}

const recordings = new Map<string, Recorded>();
let browser: VideoBrowser | undefined;

beforeAll(async () => {
  browser = await VideoBrowser.launch();
  for (const camera of CAMERAS) {
    recordings.set(camera.name, await recordFootage(camera));
  }
}, 120_000);

afterAll(() => browser?.close());

async function recordFootage({ name, bFrames, gopSeconds }: Footage): Promise<Recorded> {
  const path = join(world().folder, `${name}-source.mp4`);
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi'],
    ...['-i', `testsrc2=size=320x240:rate=${RATE}:duration=${SECONDS}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${SECONDS}`],
    ...['-vf', barCodeFilters(), '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'],
    ...['-bf', String(bFrames), '-force_key_frames', `expr:gte(t,n_forced*${gopSeconds})`],
    ...['-sc_threshold', '0', '-c:a', 'aac', '-b:a', '128k', '-ac', '2', path],
  ]);
  const { env } = world().mesh;
  const dataDir = join(world().folder, `recorder-${name}`);
  const recording = await record({ input: path, video: name, start: START, segmentSeconds: 3, env, dataDir });
  await world().client.indexed(recording);
  return {
    path,
    bytes: await readFile(path),
    video: await hashedPackets(path, 'v:0'),
    sound: await hashedPackets(path, 'a:0'),
  };
}

type Range = readonly [start: number, end: number];

let jobs = 0;

async function exported(camera: string, ranges: readonly Range[]): Promise<string> {
  const name = `${camera}-${String((jobs += 1))}`;
  const job = await world().export({
    name,
    sourceVideo: camera,
    ranges: ranges.map(([start, end]) => [secondsAfter(START, start), secondsAfter(START, end)] as const),
    options: { edges: 'smart' },
  });
  expect(job.properties.error).toBeUndefined();
  expect(job.properties).toMatchObject({ state: 'Completed', progress: { gaps: [] } });
  const path = await world().download(name);
  expect(readStrictly(path).complaints).toEqual([]);
  return path;
}

/** Numbers of the frames that are shown in `[start, end)`; frame `n` is shown at `n / RATE`. */
function numbersIn([start, end]: Range): number[] {
  return Array.from({ length: SECONDS * RATE }, (_, n) => n).filter(
    (n) => n / RATE >= start && n / RATE < end,
  );
}

/** When the frames are shown: a range lasts from its first frame to its end, and then comes the next. */
function timesOf(ranges: readonly Range[]): number[] {
  let at = 0;
  return ranges.flatMap((range) => {
    const [first = 0, ...others] = numbersIn(range);
    const before = at;
    at += range[1] - first / RATE;
    return [first, ...others].map((n) => before + (n - first) / RATE);
  });
}

/** How many packets, from the first sync sample of a range on, stand alone without a frame that lies outside. */
function copyable({ video }: Recorded, [start, end]: Range): readonly HashedPacket[] {
  const first = video.findIndex(({ isSync, seconds }) => isSync && seconds >= start - 1e-6);
  const rest = first < 0 ? [] : video.slice(first);
  for (let count = rest.length; count > 0; count--) {
    const latest = Math.max(...rest.slice(0, count).map(({ seconds }) => seconds));
    if (latest < end - 1e-6 && rest.slice(count).every(({ seconds }) => seconds > latest)) {
      return rest.slice(0, count);
    }
  }
  return [];
}

function randomRanges(seed: number, count: number): Range[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const start = Math.floor(random() * 6000) / 1000;
    return [start, Math.ceil((start + 0.2 + random() * 5) * 1000) / 1000] as const;
  });
}

/** Frames, times and bytes of an export against the recording. */
async function judge(recorded: Recorded, path: string, ranges: readonly Range[]): Promise<void> {
  const numbers = ranges.flatMap(numbersIn);
  expect(await frameNumbers(path)).toEqual(numbers);
  const times = (await presentedFrames(path)).map(({ seconds }) => seconds);
  const wanted = timesOf(ranges);
  expect(Math.max(...times.map((at, i) => Math.abs(at - wanted[i]!)))).toBeLessThan(0.0011);
  const packets = await hashedPackets(path, 'v:0');
  expect(packets).toHaveLength(numbers.length);
  const hashes = new Set(packets.map(({ hash }) => hash));
  const kept = ranges.flatMap((range) => copyable(recorded, range));
  expect(kept.filter(({ hash }) => !hashes.has(hash))).toEqual([]);
  const sounds = new Set(recorded.sound.map(({ hash }) => hash));
  const heard = await hashedPackets(path, 'a:0');
  expect(heard.filter(({ hash }) => !sounds.has(hash))).toEqual([]);
  await expectNothingElse(recorded, path, ranges);
}

/** No picture of the recording that was not asked for stands anywhere in the file, shown or not. */
async function expectNothingElse({ video, bytes }: Recorded, path: string, ranges: readonly Range[]) {
  const file = await readFile(path);
  const outside = video.filter(({ seconds }) => {
    return ranges.every(([start, end]) => seconds < start - 1e-6 || seconds >= end - 1e-6);
  });
  const found = outside.filter(({ offset, sizeBytes }) =>
    file.includes(bytes.subarray(offset, offset + sizeBytes)),
  );
  expect(found).toEqual([]);
}

describe.each(CAMERAS)('smart edges of $name footage', ({ name }) => {
  it('show exactly the frames of random ranges, and keep all bits but those at the edges', async () => {
    const recorded = recordings.get(name)!;
    for (const range of randomRanges(11, RANGES)) {
      await judge(recorded, await exported(name, [range]), [range]);
    }
  }, 600_000);

  it('are exact at every seam of several ranges, in any order', async () => {
    const ranges: Range[] = [
      [6.31, 9.77],
      [1.03, 1.61],
      [2.4, 5.2],
    ];
    await judge(recordings.get(name)!, await exported(name, ranges), ranges);
  }, 60_000);

  it('play and seek exactly in a browser', async () => {
    for (const range of randomRanges(23, BROWSED)) {
      await expectShown(await exported(name, [range]), recordings.get(name)!, range);
    }
  }, 300_000);
});

describe('smart edges that cannot be made', () => {
  it.each(REFUSED)('are refused for $name, in the estimate and by the job', async ({ name, video, why }) => {
    const path = join(world().folder, `${name}.mp4`);
    const source = `testsrc2=size=320x240:rate=${RATE}:duration=6`;
    await mediaTool('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...video, path]);
    const { env } = world().mesh;
    const dataDir = join(world().folder, `recorder-${name}`);
    const recording = await record({
      input: path,
      video: name,
      start: START,
      segmentSeconds: 6,
      env,
      dataDir,
    });
    await world().client.indexed(recording);
    const ranges = [[secondsAfter(START, 0.5), secondsAfter(START, 5.5)]] as const;
    const clip = { name: `${name}-1`, sourceVideo: name, ranges, options: { edges: 'smart' as const } };
    const refusal = { code: 'EdgesUnsupported', message: expect.stringContaining(why) as string };
    const estimate = await world().client.bus.request(REQUESTS.jobsEstimate, clipJob(clip));
    expect(estimate).toMatchObject({ errors: [refusal] });
    const { properties } = await world().export(clip);
    expect(properties).toMatchObject({ state: 'Failed', error: refusal });
    const plain = { ...clip, name: `${name}-2`, options: { edges: 'edit-list' as const } };
    expect((await world().export(plain)).properties.state).toBe('Completed');
  });
});

/** By playing, and by seeking to both sides of each seam. */
async function expectShown(path: string, recorded: Recorded, range: Range): Promise<void> {
  const wanted = numbersIn(range);
  const page = await browser!.open(path);
  expect(page.first.frameNumber).toBe(wanted[0]);
  const kept = copyable(recorded, range).map(({ seconds }) => wanted.indexOf(Math.round(seconds * RATE)));
  const seams = kept.length === 0 ? [1] : [Math.min(...kept), Math.max(...kept) + 1];
  const positions = [wanted.length - 1, ...seams.flatMap((seam) => [seam, seam - 1]), 0].filter(
    (position) => position >= 0 && position < wanted.length,
  );
  const shown = [];
  for (const position of positions) {
    shown.push((await page.frameAt(page.first.mediaTime + (position + 0.5) / RATE)).frameNumber);
  }
  expect(shown).toEqual(positions.map((position) => wanted[position]));
  const played = (await page.play()).map(({ frameNumber }) => wanted.indexOf(frameNumber ?? -1));
  expect([played[0], played.at(-1)]).toEqual([0, wanted.length - 1]);
  expect(played).toEqual([...new Set(played)].sort((a, b) => a - b));
  await page.close();
}
