import {
  frameHashes,
  makeFootage,
  mediaTool,
  probeFile,
  probePackets,
  withTemporaryFolder,
} from '@clipmesh/testkit';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indexBytes } from '../fixture/index-bytes';
import { stored } from '../fixture/stored';
import { ticks, wallTime, type Ticks } from '../time/ticks';
import { samplesNeededBefore, syncSampleAtOrBefore } from './gops';
import { layOutMovie } from './lay-out-movie';
import type { ByteRange, Movie, MovieTrack } from './movie';
import { byteSpans } from './sample-offsets';
import type { SampleTable } from './sample-table';
import { presentationSpan, totalDuration } from './sample-table-times';
import { sliceSampleTable } from './slice-sample-table';
import type { ObjectIndex, TrackIndex } from './track';
import { verifyLaidOutHeader } from './verify-laid-out-header';

/** ffmpeg and ffprobe judge what we lay out: they know nothing of it. */

const folder = withTemporaryFolder();
const SOUND_AND_B_FRAMES = { seconds: 4, bFrames: 3, audio: true } as const;

interface Source {
  readonly bytes: Buffer;
  readonly index: ObjectIndex;
}

async function readSource(path: string): Promise<Source> {
  const bytes = await readFile(path);
  return { bytes, index: indexBytes(bytes) };
}

/** Presentation from the media origin (0 of the output) for as long as `samples` last. */
function wholeOf(track: TrackIndex, samples: SampleTable): MovieTrack['presentation'] {
  const mediaTime = ticks(0 - track.decodeStart);
  return { mediaTime, duration: ticks(presentationSpan(samples).end - mediaTime) };
}

/** All samples of several objects one after another. */
function joined(sources: readonly Source[]): Movie {
  const [first] = sources;
  const tracks = first!.index.tracks.map((track, i): MovieTrack => {
    const tables = sources.map(({ index }) => index.tracks[i]!.samples);
    const before = tables.slice(0, -1).reduce((sum, table) => sum + totalDuration(table), 0);
    const { mediaTime, duration } = wholeOf(track, tables.at(-1)!);
    return {
      ...track,
      runs: tables.map((table, object) => ({ object, readSamples: () => table })),
      presentation: { mediaTime, duration: ticks(before + duration) },
    };
  });
  const ranges = sources.map(({ bytes }, object): ByteRange => ({ object, offset: 0, length: bytes.length }));
  return { ranges, tracks, createdAt: wallTime(Date.UTC(2026, 4, 3)) };
}

async function write(name: string, movie: Movie, objects: readonly Buffer[]): Promise<string> {
  const layout = layOutMovie(movie);
  const path = join(folder, name);
  const file = await open(path, 'w');
  let at = 0;
  for (const span of layout.spans) {
    const bytes =
      span.kind === 'inline'
        ? span.bytes
        : objects[span.object]!.subarray(span.offset, span.offset + span.length);
    // What an object does not have stays a hole: a file of many gigabytes costs nothing.
    await file.write(bytes, 0, bytes.length, at);
    at += span.kind === 'inline' ? bytes.length : span.length;
  }
  await file.close();
  expect(at).toBe(layout.sizeBytes);
  await verifyLaidOutHeader(stored(await readFirst(path, layout.headerBytes)), movie, layout);
  return path;
}

async function readFirst(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
  await file.close();
  return buffer;
}

function hashes(frames: readonly { readonly hash: string }[]): readonly string[] {
  return frames.map(({ hash }) => hash);
}

/** Times from the first, because ffmpeg's own files may begin a frame late. */
function fromFirst<T extends { readonly pts: number }>(frames: readonly T[]): readonly T[] {
  return frames.map((frame) => ({ ...frame, pts: frame.pts - frames[0]!.pts }));
}

describe.each([
  ['progressive H.264 with B-frames and sound', { ...SOUND_AND_B_FRAMES, layout: 'progressive' }],
  ['fragmented H.264 with B-frames and sound', { ...SOUND_AND_B_FRAMES, layout: 'fragmented' }],
  ['fragmented H.265 with B-frames', { seconds: 3, bFrames: 2, codec: 'h265', layout: 'fragmented' }],
  ['fragmented H.264 without B-frames at 10 frames a second', { seconds: 3, fps: 10, layout: 'fragmented' }],
] as const)('a movie of %s', (name, options) => {
  const sourcePath = join(folder, `${name}.source.mp4`);
  let source: Source;
  let output: string;

  beforeAll(async () => {
    await makeFootage({ ...options, path: sourcePath });
    source = await readSource(sourcePath);
    output = await write(`${name}.mp4`, joined([source]), [source.bytes]);
  });

  const streams = 'audio' in options ? ['v:0', 'a:0'] : ['v:0'];

  it.each(streams)('has the packets of its source, counted from the first picture: %s', async (stream) => {
    const facts = async (path: string) => {
      const packets = await probePackets(path, stream);
      const [picture] = (await probePackets(path)).map(({ pts }) => pts).sort((a, b) => a - b);
      const scale =
        stream === 'v:0' ? 1 : source.index.tracks[1]!.timescale / source.index.tracks[0]!.timescale;
      return packets.map(({ pts, dts, size }) => [pts - picture! * scale, dts - picture! * scale, size]);
    };
    expect(await facts(output)).toEqual(await facts(sourcePath));
  });

  it.each(streams)('decodes to the frames of its source: %s', async (stream) => {
    const all = { stream, ignoreEditList: true };
    expect(hashes(await frameHashes(output, all))).toEqual(hashes(await frameHashes(sourcePath, all)));
  });

  it('shows the pictures of its source from 0 on', async () => {
    expect(await frameHashes(output)).toEqual(fromFirst(await frameHashes(sourcePath)));
  });

  it('is described as its source is', async () => {
    const facts = async (path: string) =>
      (await probeFile(path)).streams.map((s) => [
        s.codec_name,
        s.codec_tag_string,
        s.width,
        s.height,
        s.time_base,
        s.nb_frames,
        s.channels,
      ]);
    expect(await facts(output)).toEqual(
      (await facts(sourcePath)).map((stream, i) =>
        stream.map((fact, j) => (j === 5 ? String(source.index.tracks[i]!.samples.count) : fact)),
      ),
    );
  });
});

describe('segments of one recording, joined', () => {
  it('decode to the frames of the recording, sound included', async () => {
    const whole = await makeFootage({ ...SOUND_AND_B_FRAMES, seconds: 6, path: join(folder, 'whole.mp4') });
    await mediaTool('ffmpeg', [
      ...['-v', 'error', '-i', whole, '-map', '0', '-c', 'copy', '-f', 'segment', '-segment_time', '2'],
      ...['-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof'],
      ...['-reset_timestamps', '1', join(folder, 'segment-%d.mp4')],
    ]);
    const names = (await readdir(folder)).filter((name) => name.startsWith('segment-')).sort();
    expect(names).toHaveLength(3);
    const sources = await Promise.all(names.map(async (name) => readSource(join(folder, name))));
    const output = await write(
      'joined.mp4',
      joined(sources),
      sources.map(({ bytes }) => bytes),
    );
    expect(fromFirst(await frameHashes(output))).toEqual(fromFirst(await frameHashes(whole)));
    const sound = { stream: 'a:0', ignoreEditList: true };
    expect(hashes(await frameHashes(output, sound))).toEqual(hashes(await frameHashes(whole, sound)));
  });
});

/** The samples of `track` that a player needs for `[from, to)`, in ticks from the media origin. */
function cutTrack(track: TrackIndex, from: Ticks, to: Ticks): MovieTrack {
  const start = ticks(from - track.decodeStart);
  const end = ticks(to - track.decodeStart);
  const first = syncSampleAtOrBefore(track.samples, start) ?? 0;
  const count = samplesNeededBefore(track.samples, end) - first;
  const samples = sliceSampleTable(track.samples, first, count);
  const skipped = totalDuration(sliceSampleTable(track.samples, 0, first));
  return {
    ...track,
    runs: [{ object: 0, readSamples: () => samples }],
    presentation: { mediaTime: ticks(start - skipped), duration: ticks(to - from) },
  };
}

/** From the first byte to the last that any track needs. */
function hullOf(tracks: readonly MovieTrack[]): ByteRange {
  const spans = tracks.flatMap((track) => track.runs.flatMap((run) => byteSpans(run.readSamples())));
  const offset = Math.min(...spans.map((span) => span.offset));
  return { object: 0, offset, length: Math.max(...spans.map((span) => span.offset + span.length)) - offset };
}

describe('an edit list that cuts inside a GOP', () => {
  it.each([
    ['progressive', 7, 61],
    ['fragmented', 7, 61],
    ['fragmented', 24, 26],
    ['fragmented', 99, 100],
    ['progressive', 0, 1],
    ['progressive', 1, 100],
  ] as const)('of %s footage shows exactly frames %i to %i', async (layout, from, to) => {
    const path = await makeFootage({
      ...SOUND_AND_B_FRAMES,
      layout,
      path: join(folder, `cut-${layout}.mp4`),
    });
    const source = await readSource(path);
    const tracks = source.index.tracks.map((track) =>
      cutTrack(track, ticks((from * track.timescale) / 25), ticks((to * track.timescale) / 25)),
    );
    const movie = { tracks, ranges: [hullOf(tracks)], createdAt: wallTime(0) };
    const output = await write(`cut-${layout}-${from}-${to}.mp4`, movie, [source.bytes]);
    // Times of hashed frames are in frames.
    const all = fromFirst(await frameHashes(path));
    const shown = await frameHashes(output);
    expect(shown).toEqual(all.slice(from, to).map(({ pts, hash }) => ({ pts: pts - from, hash })));
    expect(Number((await probeFile(output)).format.duration)).toBeCloseTo((to - from) / 25, 5);
  });
});

describe('a movie beyond 4 GiB', () => {
  it('is found by 64-bit offsets', async () => {
    const path = await makeFootage({ ...SOUND_AND_B_FRAMES, path: join(folder, 'small.mp4') });
    const source = await readSource(path);
    const plain = joined([source]);
    const hole = { object: 1, offset: 0, length: 5 * 2 ** 30 };
    const output = await write('large.mp4', { ...plain, ranges: [hole, ...plain.ranges] }, [
      source.bytes,
      Buffer.alloc(0),
    ]);
    expect((await probePackets(output))[0]?.pos).toBeGreaterThan(5 * 2 ** 30);
    expect(await frameHashes(output)).toEqual(await frameHashes(path));
  });
});

it('keeps sound that begins later where it was', async () => {
  const path = await makeFootage({ ...SOUND_AND_B_FRAMES, path: join(folder, 'in-time.mp4') });
  const source = await readSource(path);
  const plain = joined([source]);
  const [video, audio] = plain.tracks;
  const late = {
    ...audio!,
    presentation: { mediaTime: ticks(-24_000), duration: ticks(audio!.presentation.duration) },
  };
  const output = await write('late.mp4', { ...plain, tracks: [video!, late] }, [source.bytes]);
  expect((await probePackets(output, 'a:0'))[0]?.pts).toBe(24_000);
  expect((await probePackets(output))[0]?.pts).toBe(0);
});

it('carries a title', async () => {
  const source = await readSource(await makeFootage({ seconds: 1, path: join(folder, 'untitled.mp4') }));
  const output = await write('titled.mp4', { ...joined([source]), title: 'Südtor, 3. Mai' }, [source.bytes]);
  expect((await probeFile(output)).format.tags).toMatchObject({
    title: 'Südtor, 3. Mai',
    creation_time: '2026-05-03T00:00:00.000000Z',
  });
});
