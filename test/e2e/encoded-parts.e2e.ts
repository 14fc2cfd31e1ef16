import { join } from 'node:path';
import { REQUESTS } from '@clipmesh/contracts';
import { clipJob, record } from '@clipmesh/local';
import { TYPE_NAMES } from '@clipmesh/pipeline';
import {
  barCodeFilters,
  frameNumbers,
  hashedPackets,
  mediaTool,
  presentedFrames,
  presentedSound,
  probeFile,
} from '@clipmesh/testkit';
import { customExport } from './custom-export';
import { randomNumbers } from './recorded-range';
import { secondsAfter, withWorld } from './world';

/** Parts of about a second: a range of some seconds is encoded by several workers at once. */
const world = withWorld({ CLIPMESH_PART_SECONDS: '1' });
const START = '2026-11-01T05:20:00.000Z';
const SECONDS = 12;

interface Footage {
  readonly name: string;
  readonly rate: string;
  readonly bFrames: number;
  /** Frames that are left out, so that the rate varies. */
  readonly select?: string;
  /** ffmpeg's source of the sound; a tone when absent. */
  readonly sound?: string;
  readonly seconds?: number;
}

const CAMERAS: readonly Footage[] = [
  { name: 'pal', rate: '25', bFrames: 0 },
  { name: 'ntsc', rate: '30000/1001', bFrames: 2 },
  { name: 'film', rate: '30', bFrames: 3 },
  {
    name: 'sweep',
    rate: '25',
    bFrames: 0,
    sound: `aevalsrc='0.4*sin(2*PI*(200+200*t)*t)':s=48000:d=18`,
    seconds: 18,
  },
  { name: 'vfr', rate: '30', bFrames: 2, select: `select='gt(mod(n*7,10),2)+eq(mod(n,30),0)'` },
];

/** The others in a full run. */
const LOOKED_AT =
  process.env['CLIPMESH_TEST_FULL'] === '1' ? ['pal', 'ntsc', 'film', 'vfr'] : ['ntsc', 'vfr'];

interface Recorded {
  /** When each frame is shown, from the start of the recording; its number is its place. */
  readonly shownAt: readonly number[];
}

const recordings = new Map<string, Recorded>();

const sourceOf = (camera: string): string => join(world().folder, `${camera}-source.mp4`);

beforeAll(async () => {
  for (const camera of CAMERAS.filter(({ name }) => [...LOOKED_AT, 'sweep'].includes(name))) {
    const path = sourceOf(camera.name);
    const seconds = camera.seconds ?? SECONDS;
    await mediaTool('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi'],
      ...['-i', `testsrc2=size=320x240:rate=${camera.rate}:duration=${seconds}`],
      ...['-f', 'lavfi', '-i', camera.sound ?? `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
      ...['-vf', [...(camera.select === undefined ? [] : [camera.select]), barCodeFilters()].join(',')],
      ...['-fps_mode', 'passthrough', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
      ...['-bf', String(camera.bFrames), '-force_key_frames', 'expr:gte(t,n_forced)', '-sc_threshold', '0'],
      ...['-c:a', 'aac', '-b:a', '128k', '-ac', '2', path],
    ]);
    const frames = await presentedFrames(path);
    recordings.set(camera.name, { shownAt: frames.map(({ seconds }) => seconds) });
    const dataDir = join(world().folder, `recorder-${camera.name}`);
    const env = world().mesh.env;
    const recording = await record({
      input: path,
      video: camera.name,
      start: START,
      segmentSeconds: 3,
      env,
      dataDir,
    });
    await world().client.indexed(recording);
  }
  await world().client.bus.request(REQUESTS.topologiesPut, GRID_TOPOLOGY);
}, 120_000);

/** A custom preset with a frame rate, and the size of the source. */
const GRID_TOPOLOGY = customExport(
  'grid-export',
  {
    videoEncoder: { '@type': TYPE_NAMES.videoEncoderH264, frameRate: '${rate}' },
    audioEncoder: { '@type': TYPE_NAMES.audioEncoderAac },
  },
  ['rate'],
);

let jobs = 0;

/** A range of whole milliseconds that no frame lies close to the ends of: segments are announced in milliseconds. */
function pickRange(random: () => number, { shownAt }: Recorded): readonly [number, number] {
  const pick = (from: number, to: number): number => {
    for (;;) {
      const seconds = Math.round((from + random() * (to - from)) * 1000) / 1000;
      if (shownAt.every((at) => Math.abs(at - seconds) > 0.002)) {
        return seconds;
      }
    }
  };
  const start = pick(0.1, 5);
  return [start, pick(start + 3, SECONDS - 0.5)];
}

async function exported(
  camera: string,
  [start, end]: readonly [number, number],
  rate?: string,
): Promise<string> {
  const name = `${camera}-${String((jobs += 1))}`;
  const request = {
    name,
    sourceVideo: camera,
    ranges: [[secondsAfter(START, start), secondsAfter(START, end)]] as const,
  };
  const job = clipJob({ ...request, preset: 'SingleLayer_540p_H264_AAC' });
  const parameters = job.parameters.filter((parameter) => parameter.name !== 'preset');
  const grid = {
    ...job,
    topologyName: 'grid-export',
    parameters: [...parameters, { name: 'rate', value: rate ?? '' }],
  };
  await world().client.putJob(rate === undefined ? job : grid);
  const { properties } = await world().client.jobEnd(name);
  expect(properties).toMatchObject({ state: 'Completed', progress: { gaps: [] } });
  return world().download(name);
}

describe.each(LOOKED_AT)('parts of %s', (camera) => {
  const recorded = (): Recorded => recordings.get(camera)!;

  it('hold exactly the frames of the range, each at its own time', async () => {
    const random = randomNumbers(7);
    for (let round = 0; round < 2; round++) {
      const [start, end] = pickRange(random, recorded());
      const path = await exported(camera, [start, end]);
      const numbers = recorded().shownAt.flatMap((at, n) => (at >= start && at < end ? [n] : []));
      expect(await frameNumbers(path)).toEqual(numbers);
      // A part begins with a sync sample; one encoder alone would set one every two seconds.
      const syncs = (await hashedPackets(path, 'v:0')).filter(({ isSync }) => isSync);
      expect(syncs.length).toBeGreaterThan(0.8 * (end - start));
      const times = (await presentedFrames(path)).map(({ seconds }) => seconds);
      const first = recorded().shownAt[numbers[0]!]!;
      const wrong = times.map((at, i) => at - (recorded().shownAt[numbers[i]!]! - first));
      expect(Math.max(...wrong.map(Math.abs))).toBeLessThan(0.0025);
    }
  }, 120_000);

  it.each(['12.5', '29.97'])(
    'lie on one grid of %s frames a second from the first to the last',
    async (rate) => {
      const [start, end] = pickRange(randomNumbers(11), recorded());
      const path = await exported(camera, [start, end], rate);
      const perFrame = rate === '29.97' ? 1001 / 30_000 : 1 / Number(rate);
      const [from = 0] = recorded().shownAt.filter((at) => at >= start);
      const to = recorded().shownAt.find((at) => at >= end) ?? SECONDS;
      const frames = await presentedFrames(path);
      // Of the source's times only milliseconds are told: a frame at the border of two may be either.
      const shown = frames.map((_, k) => from + k * perFrame);
      const earliest = shown.map((at) => lastAt(recorded().shownAt, at - 0.002));
      const latest = shown.map((at) => lastAt(recorded().shownAt, at + 0.002));
      const numbers = await frameNumbers(path);
      expect(numbers.map((number, k) => (number === earliest[k] ? number : latest[k]))).toEqual(numbers);
      expect(Math.abs(frames.length * perFrame - (to - from))).toBeLessThan(perFrame + 0.002);
      expect(Math.max(...frames.map(({ seconds }, k) => Math.abs(seconds - k * perFrame)))).toBeLessThan(
        1e-4,
      );
      const { streams } = await probeFile(path);
      expect(streams[0]!.r_frame_rate).toBe(rate === '29.97' ? '30000/1001' : '25/2');
    },
    120_000,
  );
});

describe('the sound of many parts', () => {
  /** Sixteen parts: they begin at key frames, at whole seconds of the recording. */
  const RANGE = [0.98, 17.3] as const;
  const SEAMS = Array.from({ length: 15 }, (_, part) => part + 2);
  const RATE = 48_000;
  const FRAME = 1024;

  it('has no seam: where parts meet it differs from the source by no more than elsewhere', async () => {
    const path = await exported('sweep', RANGE);
    const [heard, recorded] = [await presentedSound(path), await presentedSound(sourceOf('sweep'))];
    const channels = 2;
    const start = Math.round(RANGE[0] * RATE) * channels;
    expect(Math.abs(heard.length / channels - (RANGE[1] - RANGE[0]) * RATE)).toBeLessThan(FRAME);
    const frames = Math.floor(heard.length / channels / FRAME) - 1;
    const errors = Array.from({ length: frames }, (_, frame) => {
      let sum = 0;
      for (let i = frame * FRAME * channels; i < (frame + 1) * FRAME * channels; i++) {
        sum += (heard[i]! - recorded[start + i]!) ** 2;
      }
      return Math.sqrt(sum / (FRAME * channels));
    });
    const syncs = (await hashedPackets(path, 'v:0')).filter(({ isSync }) => isSync);
    const begun = syncs.map(({ seconds }) => Math.round(seconds + RANGE[0]));
    expect(begun).toEqual([1, ...SEAMS]);
    const seams = new Set(SEAMS.map((second) => Math.floor(((second - RANGE[0]) * RATE) / FRAME)));
    const isBesideSeam = (frame: number) => [-1, 0, 1].some((by) => seams.has(frame + by));
    const [beside, elsewhere] = [true, false].map((wanted) =>
      // The encoder has its own beginning and end.
      errors.slice(2, -2).filter((_, i) => isBesideSeam(i + 2) === wanted),
    );
    expect(beside!.length).toBeGreaterThan(20);
    expect(Math.max(...beside!)).toBeLessThanOrEqual(1.05 * Math.max(...elsewhere!));
    expect(mean(beside!)).toBeLessThan(1.2 * mean(elsewhere!));
  }, 60_000);
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Number of the last frame that is shown at or before an instant. */
function lastAt(shownAt: readonly number[], seconds: number): number {
  return Math.max(
    0,
    shownAt.findLastIndex((at) => at <= seconds),
  );
}
