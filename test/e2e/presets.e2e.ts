import { stat } from 'node:fs/promises';
import { REQUESTS } from '@clipmesh/contracts';
import { clipJob } from '@clipmesh/local';
import { TYPE_NAMES } from '@clipmesh/pipeline';
import { frameNumbers, hashedPackets, mediaTool, probeFile } from '@clipmesh/testkit';
import { customExport } from './custom-export';
import { secondsAfter, withWorld } from './world';

const world = withWorld({ CLIPMESH_PART_SECONDS: '2' });
const START = '2026-11-01T05:20:00.000Z';
const FPS = 25;
const RANGE = [3.2, 15.68] as const;
let source = '';

beforeAll(async () => {
  const footage = { seconds: 20, fps: FPS, gopSeconds: 2, bFrames: 2, audio: true, firstNumber: 0 };
  source = (await world().record('yard', START, footage)).file;
}, 120_000);

const VIDEO = { '@type': TYPE_NAMES.videoEncoderH264 };
const AUDIO = { '@type': TYPE_NAMES.audioEncoderAac, bitrateKbps: '192' };
const NO_AUDIO = { '@type': TYPE_NAMES.audioEncoderNone };

/** Exports the range by a custom preset, and downloads it. */
async function exported(name: string, preset: object, edges?: string): Promise<string> {
  await world().client.bus.request(REQUESTS.topologiesPut, customExport(name, preset));
  const [start, end] = RANGE;
  const job = clipJob({
    name,
    sourceVideo: 'yard',
    ranges: [[secondsAfter(START, start), secondsAfter(START, end)]],
    ...(edges === undefined ? {} : { options: { edges } }),
  });
  await world().client.putJob({ ...job, topologyName: name });
  expect((await world().client.jobEnd(name)).properties).toMatchObject({ state: 'Completed' });
  return world().download(name);
}

const kindsOf = async (path: string) =>
  (await probeFile(path)).streams.map(({ codec_name, codec_type }) => `${codec_type} ${codec_name}`);
const hashesOf = async (path: string, stream: string) =>
  (await hashedPackets(path, stream)).map(({ hash }) => hash);
const shownNumbers = Array.from(
  { length: Math.round((RANGE[1] - RANGE[0]) * FPS) },
  (_, i) => Math.round(RANGE[0] * FPS) + i,
);

/** Whether the sequence stands in the other as it is. */
function stands(part: readonly string[], whole: readonly string[]): boolean {
  const at = whole.indexOf(part[0]!);
  return at >= 0 && part.every((hash, i) => whole[at + i] === hash);
}

it('copies the sound where no encoder for it is given, and encodes the pictures', async () => {
  const path = await exported('pictures-only', { videoEncoder: VIDEO });
  expect(await kindsOf(path)).toEqual(['video h264', 'audio aac']);
  expect(await frameNumbers(path)).toEqual(shownNumbers);
  expect(stands(await hashesOf(path, 'a:0'), await hashesOf(source, 'a:0'))).toBe(true);
  const sound = await hashedPackets(path, 'a:0');
  expect(Math.abs(sound.at(-1)!.seconds - (RANGE[1] - RANGE[0]))).toBeLessThan(2 * (1024 / 48_000));
}, 60_000);

it('copies the pictures where no encoder for them is given, and encodes the sound', async () => {
  const path = await exported('sound-only', { audioEncoder: AUDIO });
  expect(await kindsOf(path)).toEqual(['video h264', 'audio aac']);
  expect(await frameNumbers(path)).toEqual(shownNumbers);
  expect(stands(await hashesOf(path, 'v:0'), await hashesOf(source, 'v:0'))).toBe(true);
  expect(stands(await hashesOf(path, 'a:0'), await hashesOf(source, 'a:0'))).toBe(false);
}, 60_000);

it('drops the sound, and with it every byte of it', async () => {
  const path = await exported('silent', { audioEncoder: NO_AUDIO }, 'keyframe-before');
  expect(await kindsOf(path)).toEqual(['video h264']);
  const packets = await hashedPackets(path, 'v:0');
  expect(
    stands(
      packets.map(({ hash }) => hash),
      await hashesOf(source, 'v:0'),
    ),
  ).toBe(true);
  const { sizeBytes } = await sizeOf(path, 'v:0');
  // The header, and the boxes between the pictures; sound of these 14 s alone would be 200 kB.
  expect((await stat(path)).size - sizeBytes).toBeLessThan(40_000);
}, 60_000);

it('encodes pictures without sound, and as H.264 that plays everywhere', async () => {
  const path = await exported('muted', { videoEncoder: VIDEO, audioEncoder: NO_AUDIO });
  const { streams } = await probeFile(path);
  expect(streams).toMatchObject([{ codec_name: 'h264', codec_tag_string: 'avc1', pix_fmt: 'yuv420p' }]);
  expect(await frameNumbers(path)).toEqual(shownNumbers);
}, 60_000);

it('makes H.265 of parts that join, at the asked quality', async () => {
  const encoder = {
    '@type': TYPE_NAMES.videoEncoderH265,
    quality: '30',
    speed: 'ultrafast',
    frameRate: '12.5',
  };
  const path = await exported('h265', { videoEncoder: encoder, audioEncoder: NO_AUDIO });
  const { streams } = await probeFile(path);
  expect(streams).toMatchObject([{ codec_name: 'hevc', codec_tag_string: 'hvc1', r_frame_rate: '25/2' }]);
  expect(await frameNumbers(path)).toEqual(shownNumbers.filter((_, i) => i % 2 === 0));
}, 60_000);

async function sizeOf(path: string, stream: string): Promise<{ sizeBytes: number }> {
  const entries = ['-select_streams', stream, '-show_entries', 'packet=size', '-of', 'csv=p=0'];
  const { stdout } = await mediaTool('ffprobe', ['-v', 'error', ...entries, path]);
  const sizes = stdout.split('\n').filter(Boolean).map(Number);
  return { sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
}
