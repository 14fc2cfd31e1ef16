import { hashedPackets, mediaTool, presentedFrames, presentedSound, probeFile } from '@clipmesh/testkit';
import { readStrictly } from '../probe/strict-reader';
import type { Recorded } from './camera';
import { framesOf, packetsOf, soundOf, type RangeSeconds } from './recorded-range';

/** Half a millisecond for the rounding of starts to milliseconds, as much for ticks. */
const TIME_TOLERANCE = 0.0011;

/** Sample entries of QuickTime, which are carried as the camera wrote them. */
const UNKNOWN_SOUND = /Unknown sample entry type: '(alaw|ulaw|sowt|twos)'/;

/** Holds an exported file against what was recorded, by ffmpeg, ffprobe and mp4box.js. */
export async function judgeExport(
  path: string,
  recorded: Recorded,
  range: RangeSeconds,
  strictly = true,
): Promise<void> {
  const shownFrom = await judgePictures(path, recorded, range, strictly);
  await judgePackets(path, recorded, range);
  if (recorded.sound === null) {
    await judgeSound(path, recorded, range, shownFrom);
  } else {
    await judgeSamples(path, recorded.sound, shownFrom, range.end);
  }
  judgeStructure(path, range.end - shownFrom);
  const sources = (await Promise.all(recorded.segments.map(({ path: segment }) => carried(segment)))).flat();
  for (const stream of await carried(path)) {
    expect(stream).toEqual(sources.find(({ codec_type }) => codec_type === stream.codec_type));
  }
}

/** Exactly the frames of the range, at their times; what is given back is the recording's time at the file's 0. */
async function judgePictures(
  path: string,
  recorded: Recorded,
  range: RangeSeconds,
  strictly: boolean,
): Promise<number> {
  // What lies before 0 is hidden; ffmpeg decodes it all the same where the codec's library does not tell it.
  const shown = (await presentedFrames(path, strictly)).filter(({ seconds }) => seconds > -TIME_TOLERANCE);
  const wanted = framesOf(recorded, range);
  expect(numbersOf(shown, recorded)).toEqual(numbersOf(wanted, recorded));
  const zero = wanted[0]!.seconds - shown[0]!.seconds;
  const late = shown.map(({ seconds }, i) => seconds - (wanted[i]!.seconds - zero));
  expect(largest(late)).toBeLessThan(TIME_TOLERANCE);
  // A player's first frame is the first one at or after the start, at once or as late as it was.
  expect(shown[0]!.seconds).toBeLessThan(wanted[0]!.seconds - range.start + TIME_TOLERANCE);
  return zero;
}

/** Only packets of the recording, whole and in order, and none outside of the GOPs that cover the range. */
async function judgePackets(path: string, recorded: Recorded, range: RangeSeconds): Promise<void> {
  const written = await hashedPackets(path, 'v:0');
  const { first, last } = packetsOf(recorded, range);
  const allowed = recorded.videoPackets.slice(first, last + 1).map(({ hash }) => hash);
  expect(written.map(({ hash }) => hash)).toEqual(allowed.slice(0, written.length));
  expect(written[0]!.isSync).toBe(true);
}

/** All sound of the range, in order, and beside its pictures to less than one of its own frames. */
async function judgeSound(
  path: string,
  recorded: Recorded,
  range: RangeSeconds,
  zero: number,
): Promise<void> {
  const written = await hashedPackets(path, 'a:0');
  const times = new Map(recorded.audioPackets.map((packet) => [packet.hash, packet.seconds]));
  const hashes = written.map(({ hash }) => hash);
  expect(hashes.every((hash) => times.has(hash))).toBe(true);
  const from = hashes.indexOf(soundOf(recorded, range)[0]?.hash ?? '');
  const late = written
    .slice(Math.max(from, 0))
    .map(({ seconds, hash }) => seconds - (times.get(hash)! - zero));
  const frame = Math.max(0, ...recorded.audioPackets.map(({ durationSeconds }) => durationSeconds));
  expect(largest(late)).toBeLessThan(frame + TIME_TOLERANCE);
  // What is late by a part of a frame ends beyond the range sooner.
  const end = range.end - Math.max(0, late.at(-1) ?? 0);
  const wanted = soundOf(recorded, { ...range, end }).map(({ hash }) => hash);
  expect(hashes.filter((hash) => wanted.includes(hash))).toEqual(wanted);
}

/** Sound without compression: the very samples, to the millisecond. */
async function judgeSamples(path: string, sound: Int16Array, zero: number, end: number): Promise<void> {
  const played = await presentedSound(path);
  const { streams } = await probeFile(path);
  const { sample_rate: rate, channels = 1 } = streams.find(({ codec_type }) => codec_type === 'audio')!;
  const perSecond = Number(rate) * channels;
  const expected = Math.round(zero * Number(rate)) * channels;
  const slack = Math.ceil(Number(rate) * TIME_TOLERANCE);
  const shifts = Array.from({ length: 2 * slack + 1 }, (_, i) => (i - slack) * channels);
  const isAt = (at: number): boolean =>
    at >= 0 && played.every((sample, i) => at + i >= sound.length || sample === sound[at + i]);
  expect(shifts.filter((shift) => isAt(expected + shift))).toHaveLength(1);
  expect(Math.abs(played.length / perSecond - (end - zero))).toBeLessThan(0.05);
}

function judgeStructure(path: string, seconds: number): void {
  const { complaints, tracks, durationSeconds } = readStrictly(path);
  expect(complaints.filter((complaint) => !UNKNOWN_SOUND.test(complaint))).toEqual([]);
  for (const { edits, first, samples } of tracks) {
    // Browsers get more than one wrong; what begins later than the file is empty before.
    expect(edits.filter(({ isEmpty }) => !isEmpty).length).toBeLessThanOrEqual(1);
    expect(first).toMatchObject({ dts: 0, isSync: true });
    expect(samples).toBeGreaterThan(0);
  }
  expect(Math.abs(durationSeconds - seconds)).toBeLessThan(0.05);
}

/** What sample entry and track header say, as ffprobe understands them. */
async function carried(path: string): Promise<readonly { readonly codec_type: string }[]> {
  const entries = [
    'codec_type,codec_name,profile,codec_tag_string,extradata_size,extradata_hash,width,height,pix_fmt,level',
    'color_range,color_space,color_transfer,color_primaries,sample_aspect_ratio,has_b_frames,field_order',
    'sample_rate,channels,channel_layout,sample_fmt',
  ].join(',');
  const { stdout } = await mediaTool('ffprobe', [
    ...['-v', 'error', '-show_data_hash', 'md5', '-of', 'json'],
    ...['-show_entries', `stream=${entries}:stream_side_data=rotation`, path],
  ]);
  const { streams } = JSON.parse(stdout) as { streams: readonly { readonly codec_type: string }[] };
  return streams;
}

/** Positions in the recording, which tell more than hashes when they differ; -1 for a picture that is not of it. */
function numbersOf(shown: readonly { readonly hash: string }[], { frames }: Recorded): number[] {
  return shown.map(({ hash }) => frames.findIndex((frame) => frame.hash === hash));
}

function largest(values: readonly number[]): number {
  return Math.max(0, ...values.map((value) => Math.abs(value)));
}
