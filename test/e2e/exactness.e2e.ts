import { join } from 'node:path';
import {
  frameHashes,
  hashedPackets,
  mediaBytes,
  mediaTool,
  presentedFrames,
  presentedSound,
} from '@clipmesh/testkit';
import { readStrictly } from '../probe/strict-reader';
import { announceRecorded } from './announce-recorded';
import { recordCamera, type Recorded } from './camera';
import { framesOfJoined, onKeyFrames } from './joined-ranges';
import type { RangeSeconds } from './recorded-range';
import { secondsAfter, withWorld } from './world';

const START = '2026-11-01T05:20:00.000Z';
const RATE = 48_000;
const AAC_SAMPLES = 1024;
/** For the rounding of what ffprobe prints, and of announced times. */
const TIME_TOLERANCE = 0.0021;
const FRAME_SECONDS = 0.04;

/**
 * GOPs of 13 frames with B-frames, one AAC stream that is cut into three segments. Without noise substitution: what a decoder
 * puts in its place depends on all that it decoded before.
 */
const CAMERA = {
  name: 'exact',
  video: ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '13', '-sc_threshold', '0', '-bf', '2'],
  audio: ['-c:a', 'aac', '-b:a', '96k', '-aac_pns', '0', '-ac', '1'],
  mux: ['-movflags', '+frag_keyframe+delay_moov+default_base_moof'],
  continuous: true,
} as const;

const world = withWorld();
let recorded: Recorded;
let exports = 0;

beforeAll(async () => {
  recorded = await recordCamera(CAMERA, world().folder);
  await announceRecorded(world(), CAMERA.name, START, recorded);
}, 120_000);

async function exported(ranges: readonly RangeSeconds[], options: object = {}) {
  const name = `exact-clip-${String((exports += 1))}`;
  const job = await world().export({
    name,
    sourceVideo: CAMERA.name,
    ranges: ranges.map(({ start, end }) => [secondsAfter(START, start), secondsAfter(START, end)] as const),
    options: { ...options },
  });
  expect(job.properties).toMatchObject({ state: 'Completed', progress: { gaps: [] } });
  const path = await world().download(name);
  expect(readStrictly(path).complaints).toEqual([]);
  return { path, progress: job.properties.progress };
}

const hashesOf = (frames: readonly { readonly hash: string }[]): string[] => frames.map(({ hash }) => hash);

/** Hidden sound included: a frame of 1,024 samples for each packet. */
async function decodedSound(path: string): Promise<Int16Array> {
  const bytes = await mediaBytes('ffmpeg', [
    ...['-v', 'error', '-xerror', '-ignore_editlist', '1', '-i', path, '-map', '0:a:0', '-f', 's16le', '-'],
  ]);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Hidden packets of sound included. */
async function soundPackets(path: string): Promise<readonly { readonly hash: string }[]> {
  const { stdout } = await mediaTool('ffprobe', [
    ...['-v', 'error', '-ignore_editlist', '1', '-select_streams', 'a:0', '-show_packets'],
    ...['-show_data_hash', 'md5', '-show_entries', 'packet=data_hash', '-of', 'csv=p=0', path],
  ]);
  return stdout
    .trim()
    .split('\n')
    .map((hash) => ({ hash }));
}

/** What a file's sound decodes to, and where its packets are in the recording's. */
async function soundOfBoth(path: string) {
  const whole = join(world().folder, `${CAMERA.name}.mp4`);
  const [source, own, sourceSound, ownSound] = await Promise.all([
    soundPackets(whole),
    soundPackets(path),
    decodedSound(whole),
    decodedSound(path),
  ]);
  const places = own.map(({ hash }) => source.findIndex((packet) => packet.hash === hash));
  return { sourceSound, ownSound, places };
}

function expectSameSound(
  found: Int16Array,
  at: number,
  wanted: Int16Array,
  from: number,
  samples: number,
): void {
  const [a, b] = [found.subarray(at, at + samples), wanted.subarray(from, from + samples)];
  const differs = a.findIndex((sample, i) => sample !== b[i]);
  expect([at, differs]).toEqual([at, -1]);
  expect(a).toHaveLength(samples);
}

describe('copied sound', () => {
  it.each([
    ['of a range inside a GOP', [{ start: 1.23, end: 4.91 }], 1],
    ['of a range that begins with a GOP', [{ start: 2.08, end: 5.3 }], 1],
    [
      'of ranges with an inner seam',
      [
        { start: 3.21, end: 5.3 },
        { start: 0.7, end: 2.9 },
      ],
      2,
    ],
  ])(
    '%s decodes to the samples that the recording decodes to',
    async (_, ranges, beginnings) => {
      const { path } = await exported(ranges);
      const { places, ownSound, sourceSound } = await soundOfBoth(path);
      expect(places).not.toContain(-1);
      expect(ownSound).toHaveLength(places.length * AAC_SAMPLES);
      // A frame is what it holds and half of what the one before held. So all are compared whose predecessor is the recording's.
      const follows = places.map((place, i) => i > 0 && place === places[i - 1]! + 1);
      expect(follows.filter((one) => !one)).toHaveLength(beginnings);
      follows.forEach((isSame, i) => {
        if (isSame) {
          expectSameSound(ownSound, i * AAC_SAMPLES, sourceSound, places[i]! * AAC_SAMPLES, AAC_SAMPLES);
        }
      });
    },
    60_000,
  );

  it('plays from the first picture on what its segment plays there, to the sample', async () => {
    const { path } = await exported([{ start: 0.37, end: 1.9 }]);
    const segment = recorded.segments[0]!.path;
    const [played, whole, pictures, sounds] = await Promise.all([
      presentedSound(path),
      presentedSound(segment),
      hashedPackets(segment, 'v:0'),
      hashedPackets(segment, 'a:0'),
    ]);
    const first = Math.min(...pictures.map(({ seconds }) => seconds));
    // The first picture at or after 0.37 s is the one at 0.4 s. The sound before it is in the file, hidden.
    const from = Math.round((first + 0.4 - sounds[0]!.seconds) * RATE);
    expectSameSound(played, 0, whole, from, Math.round(1.5 * RATE) - AAC_SAMPLES);
  }, 60_000);

  it('stays with its picture behind an inner seam, to less than a frame', async () => {
    const ranges = [
      { start: 3.21, end: 5.3 },
      { start: 0.7, end: 2.9 },
    ];
    const { path } = await exported(ranges);
    const [own, whole] = await Promise.all([
      hashedPackets(path, 'a:0'),
      hashedPackets(join(world().folder, `${CAMERA.name}.mp4`), 'a:0'),
    ]);
    const times = new Map(whole.map(({ hash, seconds }) => [hash, seconds]));
    const late = await latenessOfPictures(path, ranges);
    const seam = own.findIndex(({ hash }, i) => i > 0 && times.get(hash)! < times.get(own[i - 1]!.hash)!);
    const partings = own.map(({ seconds, hash }, i) => seconds - times.get(hash)! - late[i < seam ? 0 : 1]!);
    expect(Math.max(...partings.map(Math.abs))).toBeLessThan(AAC_SAMPLES / RATE);
  }, 60_000);
});

/** How much later on the file's clock than in the recording each range's pictures are; the same for all of a range. */
async function latenessOfPictures(path: string, ranges: readonly RangeSeconds[]): Promise<number[]> {
  const shown = (await presentedFrames(path)).filter(({ seconds }) => seconds > -TIME_TOLERANCE);
  const wanted = framesOfJoined(recorded, ranges);
  expect(hashesOf(shown)).toEqual(hashesOf(wanted.flat()));
  let before = 0;
  return wanted.map((frames) => {
    const own = shown.slice(before, before + frames.length);
    before += frames.length;
    const late = own.map(({ seconds }, i) => seconds - frames[i]!.seconds);
    expect(Math.max(...late) - Math.min(...late)).toBeLessThan(TIME_TOLERANCE);
    return late[0]!;
  });
}

describe('ranges in any order', () => {
  it.each([
    [
      'the later first',
      [
        { start: 4.13, end: 5.61 },
        { start: 0.57, end: 1.49 },
      ],
    ],
    [
      'the same twice',
      [
        { start: 1.31, end: 3.17 },
        { start: 1.31, end: 3.17 },
      ],
    ],
    [
      'three, of which the second lies in the first',
      [
        { start: 0.21, end: 4.43 },
        { start: 1.03, end: 1.47 },
        { start: 3.91, end: 5.87 },
      ],
    ],
  ])(
    '%s: are joined in that order, frame by frame',
    async (_, ranges) => {
      const { path } = await exported(ranges);
      const late = await latenessOfPictures(path, ranges);
      const wanted = framesOfJoined(recorded, ranges);
      // At once behind each other; what is reordered may come a frame later.
      late.slice(1).forEach((one, i) => {
        const seam = one + wanted[i + 1]![0]!.seconds - (late[i]! + wanted[i]!.at(-1)!.seconds);
        expect(seam).toBeGreaterThan(FRAME_SECONDS - TIME_TOLERANCE);
        expect(seam).toBeLessThan(2 * FRAME_SECONDS + TIME_TOLERANCE);
      });
    },
    60_000,
  );

  it('that touch are shown as one range: nothing twice, nothing left out', async () => {
    const { path } = await exported([
      { start: 1.31, end: 3.17 },
      { start: 3.17, end: 4.55 },
    ]);
    await latenessOfPictures(path, [{ start: 1.31, end: 4.55 }]);
  }, 60_000);
});

describe.each(['keyframe-before', 'keyframe-after'] as const)('edges: %s', (edges) => {
  const asked = { start: 1.23, end: 4.91 };

  it('hides nothing, and shows exactly the GOPs that it tells of', async () => {
    const { path, progress } = await exported([asked], { edges });
    const moved = onKeyFrames(recorded, asked, edges);
    const delivered = { start: secondsAfter(START, moved.start), end: secondsAfter(START, moved.end) };
    expect(progress).toMatchObject({
      delivered: [delivered],
      warnings: [{ code: 'EdgesMoved' }, { code: 'EdgesMoved' }],
    });
    const wanted = recorded.frames.filter(
      ({ seconds }) => seconds >= moved.start - 1e-4 && seconds < moved.end - 1e-4,
    );
    expect(hashesOf(await frameHashes(path))).toEqual(hashesOf(wanted));
    expect(hashesOf(await frameHashes(path, { ignoreEditList: true }))).toEqual(hashesOf(wanted));
    const packets = await hashedPackets(path, 'v:0');
    expect([packets.length, packets[0]!.isSync]).toEqual([wanted.length, true]);
  }, 60_000);
});
