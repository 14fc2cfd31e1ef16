import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BoxCollector, readObjectIndex } from '@clipmesh/media';
import type { ScaleSettings, VideoSettings } from '@clipmesh/pipeline';
import { mediaTool, probeFile, probePackets, withTemporaryFolder } from '@clipmesh/testkit';
import { bytesOf, greysShown, makeSource, type Source } from '../../test/sources';
import { runFfmpeg } from '../run/run-ffmpeg';
import { pictureArguments } from './picture-arguments';
import type { FrameGrid } from './picture-times';
import type { TickWindow } from './tick-window';

jest.setTimeout(30_000);

const folder = withTemporaryFolder();
let count = 0;
const fresh = () => join(folder, `${++count}.mp4`);
const source = (options: Omit<Source, 'path'> = {}) => makeSource({ path: fresh(), ...options });

const TIMESCALE = 90_000;
const video = (from: number, to: number) => ({ from, to, timescale: TIMESCALE });
const h264 = (more: Partial<VideoSettings> = {}): VideoSettings => ({
  kind: 'h264',
  speed: 'ultrafast',
  ...more,
});

/** Encodes as the worker does, into a file that outside judges can look at. */
async function encode(
  path: string,
  window: TickWindow,
  settings: VideoSettings = h264(),
  grid?: FrameGrid,
): Promise<{ path: string; bytes: Buffer }> {
  const { timescale } = window;
  const times = { timescale, videoTimescale: grid === undefined ? timescale : 25_000, ...(grid && { grid }) };
  const args = pictureArguments({ settings, window, times, framesPerSecond: 25, threads: 2 });
  const bytes = await runFfmpeg({
    args,
    input: bytesOf(path),
    consume: async (output) => Buffer.concat((await output.toArray()) as Buffer[]),
  });
  const encoded = fresh();
  await writeFile(encoded, bytes);
  return { path: encoded, bytes };
}

/** Presentation times in the file's own ticks, edit list ignored, as windows are given. */
async function ownTimes(path: string): Promise<number[]> {
  const entries = ['-show_entries', 'packet=pts', '-of', 'csv=p=0'];
  const { stdout } = await mediaTool('ffprobe', [
    ...['-v', 'error', '-ignore_editlist', '1', '-select_streams', 'v:0', ...entries, path],
  ]);
  return inOrder(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => parseInt(line, 10)),
  );
}

const inOrder = (times: readonly number[]) => [...times].sort((a, b) => a - b);
const shownTimes = async (path: string, stream = 'v:0') =>
  inOrder((await probePackets(path, stream)).map(({ pts }) => pts));

const BFRAMES = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3', '-g', '50'];

describe('the frames of an encoded window', () => {
  it.each<[string, Omit<Source, 'path'>]>([
    ['25 fps', {}],
    ['29.97 fps with B-frames', { fps: '30000/1001', encoder: BFRAMES }],
    [
      'B-frames with negative composition offsets',
      { encoder: [...BFRAMES, '-movflags', '+negative_cts_offsets'] },
    ],
    ['10 fps', { fps: '10' }],
    ['7.3 fps', { fps: '73/10' }],
    [
      'a variable frame rate',
      {
        fps: '30',
        encoder: BFRAMES,
        filter: `select='gt(mod(n*7,10),2)',setpts='PTS+mod(N*13,5)*211'`,
      },
    ],
    ['H.265', { encoder: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'] }],
  ])('are exactly those of %s with their time in it', async (_what, options) => {
    const path = await source({ ...options, seconds: 3 });
    const times = await ownTimes(path);
    const [from, to] = [times[9]! + 1, times[17]!];
    const wanted = times.slice(10, 17);
    const encoded = await encode(path, video(from, to));
    expect(await shownTimes(encoded.path)).toEqual(wanted.map((time) => time - from));
    const greys = (await greysShown(path)).slice(10, 17);
    const shown = await greysShown(encoded.path);
    expect(shown).toHaveLength(greys.length);
    expect(Math.max(...shown.map((grey, n) => Math.abs(grey - greys[n]!)))).toBeLessThanOrEqual(4);
  });

  it('include the one at the start and not the one at the end', async () => {
    const path = await source({ seconds: 2 });
    const times = await ownTimes(path);
    const encoded = await encode(path, video(times[5]!, times[8]!));
    expect(await shownTimes(encoded.path)).toEqual([0, 3_600, 7_200]);
  });

  it('lie on a constant grid when a frame rate is asked for, and each shows the last picture before it', async () => {
    const path = await source({ fps: '30', seconds: 4, filter: `select='gt(mod(n*7,10),2)'` });
    const times = await ownTimes(path);
    const from = times.find((time) => time >= times[0]! + 30_000)!;
    const rate = { numerator: 25, denominator: 2 };
    // The grid's first frame is 1,800 ticks behind the window's start.
    const grid = { rate, startTicks: 1_800, frameCount: 25 };
    const encoded = await encode(path, video(from, from + 2 * TIMESCALE), h264(), grid);
    const { streams } = await probeFile(encoded.path);
    expect(streams[0]!.r_frame_rate).toBe('25/2');
    expect(await shownTimes(encoded.path)).toEqual(Array.from({ length: 25 }, (_, k) => 2_000 * k));
    const instants = Array.from({ length: 25 }, (_, k) => from + 1_800 + 7_200 * k);
    const pictures = instants.map((instant) => times.findLastIndex((time) => time <= instant));
    const greys = await greysShown(path);
    const shown = await greysShown(encoded.path);
    expect(Math.max(...shown.map((grey, k) => Math.abs(grey - greys[pictures[k]!]!)))).toBeLessThanOrEqual(4);
  });

  it('are as many as the grid has, however early the pictures end', async () => {
    const path = await source({ seconds: 1 });
    const [start] = await ownTimes(path);
    const grid = { rate: { numerator: 10, denominator: 1 }, startTicks: 0, frameCount: 30 };
    const encoded = await encode(path, video(start!, start! + 3 * TIMESCALE), h264(), grid);
    expect(await shownTimes(encoded.path)).toHaveLength(30);
  });

  it('begin a GOP every two seconds', async () => {
    const path = await source({ seconds: 5, fps: '10' });
    const start = (await ownTimes(path))[0]!;
    const encoded = await encode(path, video(start, start + 5 * TIMESCALE));
    const syncs = (await probePackets(encoded.path)).filter(({ flags }) => flags.startsWith('K'));
    expect(syncs.map(({ pts }) => pts)).toEqual([0, 2 * TIMESCALE, 4 * TIMESCALE]);
  });
});

describe('the picture of an encoded window', () => {
  const all = video(0, 10 * TIMESCALE);
  const pictureOf = async (path: string) => {
    const entries =
      'stream=width,height,sample_aspect_ratio,pix_fmt,codec_tag_string,color_space,color_range';
    const { stdout } = await mediaTool('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'json', path],
    ]);
    return (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams[0]!;
  };

  it.each<[string, string, ScaleSettings | undefined, string]>([
    ['keeps its size', '96x64', undefined, '96x64'],
    ['loses an odd line', '97x65', undefined, '96x64'],
    ['follows a height', '160x120', { mode: 'PreserveAspectRatio', height: 60 }, '80x60'],
    [
      'fits the tighter of two',
      '160x120',
      { mode: 'PreserveAspectRatio', width: 100, height: 100 },
      '100x74',
    ],
    ['is padded', '160x120', { mode: 'Pad', width: 100, height: 100 }, '100x100'],
    ['is stretched', '160x120', { mode: 'Stretch', width: 100, height: 50 }, '100x50'],
  ])('%s', async (_what, size, scale, expected) => {
    // Odd sizes exist only outside of 4:2:0.
    const encoder = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      ...(size === '97x65' ? ['-pix_fmt', 'yuv444p'] : []),
    ];
    const path = await odd(size, encoder);
    const encoded = await encode(path, all, h264(scale === undefined ? {} : { scale }));
    const { width, height, ...rest } = await pictureOf(encoded.path);
    expect(`${String(width)}x${String(height)}`).toBe(expected);
    expect(rest).toMatchObject({ sample_aspect_ratio: '1:1', pix_fmt: 'yuv420p', codec_tag_string: 'avc1' });
  });

  /** Footage of any size and chroma. */
  async function odd(size: string, encoder: readonly string[], filter = 'null'): Promise<string> {
    const path = fresh();
    await mediaTool('ffmpeg', [
      ...[
        '-v',
        'error',
        '-y',
        '-f',
        'lavfi',
        '-i',
        `testsrc2=size=${size}:rate=25:duration=0.4`,
        '-vf',
        filter,
      ],
      ...[
        ...encoder,
        '-movflags',
        '+faststart',
        '-video_track_timescale',
        String(TIMESCALE),
        '-f',
        'mp4',
        path,
      ],
    ]);
    return path;
  }

  it('gets square pixels when it is scaled', async () => {
    const path = await odd('180x144', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'], 'setsar=16/11');
    const scale: ScaleSettings = { mode: 'PreserveAspectRatio', height: 72 };
    const encoded = await encode(path, all, h264({ scale }));
    expect(await pictureOf(encoded.path)).toMatchObject({
      width: 130,
      height: 72,
      sample_aspect_ratio: '1:1',
    });
  });

  it('is turned upright, and no longer says that it must be', async () => {
    const flat = await odd('96x64', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p']);
    const path = fresh();
    await mediaTool('ffmpeg', [
      ...['-v', 'error', '-i', flat, '-c', 'copy', '-metadata:s:v:0', 'rotate=90'],
      ...['-movflags', '+faststart', '-f', 'mp4', path],
    ]);
    const encoded = await encode(path, all);
    const { stdout } = await mediaTool('ffprobe', [
      '-v',
      'error',
      '-show_streams',
      '-of',
      'json',
      encoded.path,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ streams: [{ width: 64, height: 96 }] });
    expect(stdout).not.toMatch(/rotation": -?90|rotate/);
  });

  it('keeps its colour space', async () => {
    const colours = [
      '-colorspace',
      'bt709',
      '-color_primaries',
      'bt709',
      '-color_trc',
      'bt709',
      '-color_range',
      'tv',
    ];
    const path = await odd('96x64', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', ...colours]);
    const encoded = await encode(path, all);
    expect(await pictureOf(encoded.path)).toMatchObject({ color_space: 'bt709', color_range: 'tv' });
  });

  it('stays below the maximum bitrate', async () => {
    const noise = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', '-pix_fmt', 'yuv420p'];
    const path = fresh();
    await mediaTool('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=6'],
      ...['-vf', 'noise=alls=60:allf=t', ...noise, '-movflags', '+faststart', '-f', 'mp4', path],
    ]);
    const { timescale } = { timescale: 12_800 };
    const window = { from: 0, to: 6 * timescale, timescale };
    const free = await encode(path, window);
    const capped = await encode(path, window, h264({ maxBitrateKbps: 400 }));
    expect(free.bytes.length).toBeGreaterThan(2 * capped.bytes.length);
    // A buffer of two seconds may be used up once.
    expect((capped.bytes.length * 8) / 6).toBeLessThan(400_000 * (8 / 6));
  });

  it('can be H.265', async () => {
    const path = await source({ seconds: 1 });
    const encoded = await encode(path, all, { kind: 'h265', speed: 'ultrafast' });
    expect(await pictureOf(encoded.path)).toMatchObject({ codec_tag_string: 'hvc1', pix_fmt: 'yuv420p' });
    expect(await shownTimes(encoded.path)).toHaveLength(25);
  });
});

describe('the sample entry of an encoded window', () => {
  it('is the same whatever the window holds', async () => {
    const path = await source({
      fps: '30',
      seconds: 4,
      filter: `select='lt(mod(n,60),30)+eq(mod(n,10),0)'`,
      encoder: BFRAMES,
    });
    const entries = await Promise.all(
      [video(0, TIMESCALE), video(TIMESCALE, 2 * TIMESCALE), video(0, 4 * TIMESCALE)].map(async (window) => {
        const { bytes } = await encode(path, window, h264({ maxBitrateKbps: 500 }));
        const boxes = new BoxCollector();
        boxes.push(bytes);
        const [track] = readObjectIndex(boxes.finish(), bytes.length).tracks;
        const entry = Buffer.from(track!.sampleEntry);
        // Without the bit rates, which are measured.
        return entry.subarray(0, entry.indexOf('btrt')).toString('hex');
      }),
    );
    expect(new Set(entries).size).toBe(1);
  });

  it('tells of progressive frames: interlaced ones are made whole', async () => {
    const path = await source({
      seconds: 2,
      encoder: ['-c:v', 'libx264', '-preset', 'ultrafast', '-flags', '+ildct+ilme', '-x264-params', 'tff=1'],
    });
    const [start] = await ownTimes(path);
    const encoded = await encode(path, video(start!, start! + TIMESCALE));
    expect(await shownTimes(encoded.path)).toHaveLength(25);
    const { stdout } = await mediaTool('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v:0', '-show_frames', '-of', 'json', encoded.path],
    ]);
    const { frames } = JSON.parse(stdout) as { frames: { interlaced_frame: number }[] };
    expect(frames.map((frame) => frame.interlaced_frame)).toEqual(frames.map(() => 0));
  });
});

describe('the bytes of an encoded window', () => {
  it('are the same every time', async () => {
    const path = await source({ click: 1, seconds: 3 });
    const window = video(TIMESCALE, 3 * TIMESCALE);
    const settings = h264({ speed: 'veryfast', maxBitrateKbps: 500 });
    const [first, second] = [await encode(path, window, settings), await encode(path, window, settings)];
    expect(first.bytes.equals(second.bytes)).toBe(true);
  });
});
