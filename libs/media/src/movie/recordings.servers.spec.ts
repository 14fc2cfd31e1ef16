import { mediaTool, withTemporaryFolder } from '@clipmesh/testkit';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indexBytes } from '../fixture/index-bytes';
import { ticks, wallTime } from '../time/ticks';
import { layOutMovie } from './lay-out-movie';
import type { Movie } from './movie';
import { sampleOffsets } from './sample-offsets';
import { decodeTimes, totalDuration } from './sample-table-times';
import type { ObjectIndex, TrackIndex } from './track';

/** Every way in which ffmpeg can write what cameras write, its packets as ffprobe tells them against our index. */

const folder = withTemporaryFolder();
const SECONDS = 2;
const PICTURES = ['-f', 'lavfi', '-i', `testsrc2=size=160x120:rate=25:duration=${SECONDS}`];
const SOUND = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${SECONDS}`];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-bf', '2', '-threads', '1'];
const AAC = ['-c:a', 'aac'];
const BOTH = [...X264, ...AAC];
const FRAGMENTED = '+frag_keyframe+empty_moov';
const movflags = (flags: string): string[] => ['-movflags', flags];

interface Packet {
  readonly pts: number;
  readonly dts: number;
  readonly size: number;
  readonly pos: number;
  readonly flags: string;
}

async function make(
  name: string,
  args: readonly string[],
  inputs = [...PICTURES, ...SOUND],
): Promise<string> {
  const path = join(folder, name);
  await mediaTool('ffmpeg', ['-v', 'error', '-y', '-bitexact', ...inputs, ...args, path]);
  return path;
}

/** Edit lists left out: what the sample tables say. */
async function packetsOf(path: string, kind: TrackIndex['kind']): Promise<Packet[]> {
  const { stdout } = await mediaTool('ffprobe', [
    ...['-v', 'error', '-ignore_editlist', '1', '-select_streams', kind === 'video' ? 'v:0' : 'a:0'],
    ...['-show_entries', 'packet=pts,dts,size,pos,flags', '-of', 'json', path],
  ]);
  const { packets } = JSON.parse(stdout) as { packets: Record<string, string>[] };
  return packets.map(({ flags = '', ...numbers }) => ({
    pts: Number(numbers['pts']),
    dts: Number(numbers['dts']),
    size: Number(numbers['size']),
    pos: Number(numbers['pos']),
    flags,
  }));
}

/** Times from the first sample on, since the two count from different instants. */
function probedRows(packets: readonly Packet[]): unknown[] {
  const first = packets[0]!;
  return packets.map(({ pts, dts, size, pos, flags }) => [
    dts - first.dts,
    pts - first.pts,
    size,
    pos,
    flags.startsWith('K'),
  ]);
}

function indexedRows(track: TrackIndex): unknown[] {
  const { samples } = track;
  const decode = decodeTimes(samples);
  const offsets = sampleOffsets(samples);
  const shown = decode.map((time, i) => time + samples.compositionOffsets[i]!);
  return Array.from(decode, (time, i) => [
    time,
    shown[i]! - shown[0]!,
    samples.sizes[i],
    offsets[i],
    samples.syncs[i] === 1,
  ]);
}

async function indexOf(path: string): Promise<ObjectIndex> {
  return indexBytes(await readFile(path));
}

async function expectAsProbed(path: string): Promise<void> {
  const { tracks } = await indexOf(path);
  for (const track of tracks) {
    expect(indexedRows(track)).toEqual(probedRows(await packetsOf(path, track.kind)));
  }
}

describe('reads what ffprobe reads of', () => {
  it.each([
    ['progressive, moov last', 'last.mp4', BOTH],
    ['progressive, moov first', 'first.mp4', [...BOTH, ...movflags('+faststart')]],
    ['fragments with base offsets', 'base.mp4', [...BOTH, ...movflags(FRAGMENTED)]],
    ['fragments based on their moof', 'moof.mp4', [...BOTH, ...movflags(`${FRAGMENTED}+default_base_moof`)]],
    ['fragments that say no base', 'none.mp4', [...BOTH, ...movflags(`${FRAGMENTED}+omit_tfhd_offset`)]],
    ['a fragment for each track', 'apart.mp4', [...BOTH, ...movflags(`${FRAGMENTED}+separate_moof`)]],
    ['a fragment for each frame', 'frames.mp4', [...BOTH, ...movflags('+frag_every_frame+empty_moov')]],
    ['a moov with samples, then fragments', 'mixed.mp4', [...BOTH, ...movflags('+frag_keyframe')]],
    [
      'edit lists in a fragmented moov',
      'delayed.mp4',
      [...BOTH, ...movflags('+frag_keyframe+delay_moov+default_base_moof')],
    ],
    ['signed composition offsets', 'signed.mp4', [...BOTH, ...movflags('+negative_cts_offsets')]],
    [
      'signed composition offsets in fragments',
      'signed-fragments.mp4',
      [...BOTH, ...movflags(`${FRAGMENTED}+negative_cts_offsets+default_base_moof`)],
    ],
    [
      'sidx, styp and prft between fragments',
      'boxes.mp4',
      [...X264, '-an', '-write_prft', 'wallclock', ...movflags(`${FRAGMENTED}+dash+default_base_moof`)],
    ],
    ['sound before pictures', 'sound-first.mp4', ['-map', '1', '-map', '0', ...BOTH]],
    ['no sound', 'silent.mp4', [...X264, '-an']],
    ['sound alone', 'alone.mp4', ['-vn', ...AAC]],
    ['a variable frame rate', 'vfr.mp4', ['-vf', "select='not(lt(mod(n,7),3))'", '-vsync', 'vfr', ...BOTH]],
    [
      'open GOPs of H.264',
      'open.mp4',
      [...BOTH, '-x264-params', 'open-gop=1:bframes=3:b-adapt=0:keyint=10:min-keyint=10'],
    ],
    [
      'open GOPs of H.265',
      'open265.mp4',
      [
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-tag:v',
        'hvc1',
        '-x265-params',
        'open-gop=1:keyint=10:bframes=3:log-level=error',
        '-an',
      ],
    ],
    ['AV1', 'av1.mp4', ['-c:v', 'libaom-av1', '-cpu-used', '8', '-g', '5', '-frames:v', '12', '-an']],
    ['VP9', 'vp9.mp4', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-g', '5', '-frames:v', '12', '-an']],
    ['MPEG-4 part 2', 'mpeg4.mp4', ['-c:v', 'mpeg4', '-an']],
    ['Motion JPEG', 'mjpeg.mov', ['-c:v', 'mjpeg', '-an']],
    ['Opus', 'opus.mp4', [...X264, '-c:a', 'libopus']],
    ['MP3', 'mp3.mp4', [...X264, '-c:a', 'libmp3lame']],
    ['AC-3', 'ac3.mp4', [...X264, '-c:a', 'ac3']],
    ['E-AC-3', 'eac3.mp4', [...X264, '-c:a', 'eac3']],
    ['FLAC', 'flac.mp4', [...X264, '-c:a', 'flac', '-strict', '-2']],
    ['ALAC', 'alac.mov', [...X264, '-c:a', 'alac']],
    ['LPCM in fragments', 'pcm.mov', [...X264, '-c:a', 'pcm_s16le', ...movflags(FRAGMENTED)]],
  ])('%s', async (_, name, args) => {
    await expectAsProbed(await make(name, args));
  });

  it('pictures that lead a sync sample', async () => {
    const path = await make('lead.mp4', [
      ...[...X264, '-an'],
      ...['-x264-params', 'open-gop=1:bframes=3:b-adapt=0:keyint=10:min-keyint=10'],
    ]);
    const { samples } = (await indexOf(path)).tracks[0]!;
    const decode = decodeTimes(samples);
    const shown = decode.map((time, i) => time + samples.compositionOffsets[i]!);
    const sync = samples.syncs.lastIndexOf(1);
    expect(Math.min(...shown.subarray(sync + 1))).toBeLessThan(shown[sync]!);
  });

  it('primed sound beside pictures that an edit list moves', async () => {
    const path = await make('primed.mp4', BOTH);
    const [video, audio] = (await indexOf(path)).tracks;
    const starts = await Promise.all(
      ['v:0', 'a:0'].map(async (stream) => {
        const args = ['-v', 'error', '-select_streams', stream, '-read_intervals', '%+#1'];
        const entries = ['-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path];
        return parseFloat((await mediaTool('ffprobe', [...args, ...entries])).stdout);
      }),
    );
    const startOf = (track: TrackIndex): number =>
      (track.decodeStart + track.samples.compositionOffsets[0]!) / track.timescale;
    // ffprobe prints six digits.
    expect(startOf(audio!) - startOf(video!)).toBeCloseTo(starts[1]! - starts[0]!, 4);
  });
});

describe('sound of a progressive file that has a sample for each frame', () => {
  /** All of an object, laid out anew. */
  async function laidOut(path: string): Promise<string> {
    const bytes = await readFile(path);
    const index = indexBytes(bytes);
    const movie: Movie = {
      ranges: [{ object: 0, offset: 0, length: bytes.length }],
      tracks: index.tracks.map((track) => ({
        ...track,
        runs: [{ object: 0, readSamples: () => track.samples }],
        presentation: { mediaTime: ticks(0), duration: totalDuration(track.samples) },
      })),
      createdAt: wallTime(0),
    };
    const { spans } = layOutMovie(movie);
    const out = `${path}.out.mov`;
    await writeFile(
      out,
      Buffer.concat(
        spans.map((span) =>
          span.kind === 'inline' ? span.bytes : bytes.subarray(span.offset, span.offset + span.length),
        ),
      ),
    );
    return out;
  }

  async function soundHash(path: string): Promise<string> {
    const raw = `${path}.raw`;
    await mediaTool('ffmpeg', ['-v', 'error', '-y', '-i', path, '-map', '0:a', '-f', 's32le', raw]);
    const sound = await readFile(raw);
    expect(sound.length).toBeGreaterThan(0);
    return createHash('sha256').update(sound).digest('hex');
  }

  it.each([
    ['pcm_alaw', '1', 1],
    ['pcm_mulaw', '2', 2],
    ['pcm_s16le', '2', 4],
    ['pcm_s16be', '1', 2],
    ['pcm_s24le', '2', 6],
    ['pcm_f32le', '1', 4],
  ])(
    'is %s of %s channels in 20 ms, and sounds the same in our file',
    async (codec, channels, frameBytes) => {
      const path = await make(`${codec}.mov`, [...X264, '-c:a', codec, '-ac', channels]);
      const { samples } = (await indexOf(path)).tracks[1]!;
      expect(totalDuration(samples)).toBe(SECONDS * 48_000);
      expect(samples.sizes.every((size, i) => size === samples.durations[i]! * frameBytes)).toBe(true);
      expect(samples.count).toBeLessThan(SECONDS * 100);
      expect(await soundHash(await laidOut(path))).toBe(await soundHash(path));
    },
  );
});
