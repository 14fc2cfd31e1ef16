import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUCKETS, formatInstant, mp4CopyKey, type SegmentEvent } from '@clipmesh/contracts';
import { wallTime, type TrackIndex } from '@clipmesh/media';
import { makeFootage, mediaTool, probePackets, withServers } from '@clipmesh/testkit';
import { TestReader } from '../testing/arrange';

// Hooks after the tests run in the order of their declaration: this one before the servers stop.
afterAll(async () => {
  await Promise.all([keeping.close(), dropping.close()]);
});

const servers = withServers();
const START = Date.UTC(2026, 10, 3, 7, 10);
const RANGE = { startMs: wallTime(START - 60_000), endMs: wallTime(START + 60_000) };

let keeping: TestReader;
let dropping: TestReader;
/** H.264 with B-frames and ADTS; the same with arrival times; H.265. */
const streams = { ts: '', m2ts: '', hevc: '' };

beforeAll(async () => {
  const common = { seconds: 4, gopSeconds: 2, audio: true, bFrames: 2 };
  const path = (name: string) => join(servers.folder, name);
  const h264 = await makeFootage({ ...common, path: path('h264.mp4') });
  const h265 = await makeFootage({ ...common, path: path('h265.mp4'), codec: 'h265' });
  const copy = ['-c', 'copy', '-f', 'mpegts'];
  streams.ts = path('h264.ts');
  await mediaTool('ffmpeg', ['-v', 'error', '-i', h264, ...copy, streams.ts]);
  streams.m2ts = path('h264.m2ts');
  await mediaTool('ffmpeg', ['-v', 'error', '-i', h264, '-mpegts_m2ts_mode', '1', ...copy, streams.m2ts]);
  streams.hevc = path('h265.ts');
  await mediaTool('ffmpeg', ['-v', 'error', '-i', h265, ...copy, streams.hevc]);
  keeping = await TestReader.open(servers);
  dropping = await TestReader.open(servers, { transportStreamOriginals: 'drop' });
}, 60_000);

const eventOf = (key: string, facts: object = {}): SegmentEvent => ({
  start: formatInstant(wallTime(START)),
  object: { key, ...facts },
});

async function record(reader: TestReader, video: string, path: string, key = `${video}/0.ts`) {
  await reader.put(key, path);
  return { key, taken: await reader.take(video, eventOf(key)) };
}

async function onlySegment(video: string) {
  const { id } = await keeping.videos.visible(video);
  const { segments } = await keeping.catalog.reader.readRange(id, RANGE);
  expect(segments).toHaveLength(1);
  return segments[0]!;
}

const stored = (key: string) => keeping.store.head({ bucket: BUCKETS.archive, key });

/** Presentation times in 90 kHz from the first picture, as the stream itself has them. */
const shownBy = ({ samples, decodeStart, timescale }: TrackIndex, origin: number): number[] => {
  let decode: number = decodeStart;
  return Array.from(samples.durations, (duration, i) => {
    const shown = decode + (samples.compositionOffsets[i] ?? 0);
    decode += duration;
    return Math.round(((shown - origin) * 90_000) / timescale);
  });
};

it.each(['ts', 'm2ts', 'hevc'] as const)('indexes every sample of %s at its time', async (kind) => {
  await record(keeping, kind, streams[kind]);
  const { tracks, key } = await onlySegment(kind);
  expect(key).toBe(mp4CopyKey(`${kind}/0.ts`));
  const pictures = await probePackets(streams[kind], 'v:0');
  const first = Math.min(...pictures.map(({ pts }) => pts));
  expect(shownBy(tracks[0]!, 0)).toEqual(pictures.map(({ pts }) => pts - first));
  const sound = await probePackets(streams[kind], 'a:0');
  const heard = shownBy(tracks[1]!, 0);
  expect(heard).toHaveLength(sound.length);
  heard.forEach((time, i) => {
    // A transport stream tells sound to the tick of 90 kHz, MP4 to the sample: a rounding apart.
    expect(Math.abs(time - (sound[i]!.pts - first))).toBeLessThanOrEqual(4);
  });
});

it('names H.265 as Apple players want it', async () => {
  await record(keeping, 'apple', streams.hevc);
  const [video] = (await onlySegment('apple')).tracks;
  expect(Buffer.from(video!.sampleEntry.subarray(4, 8)).toString()).toBe('hvc1');
});

it('takes a transport stream under any name', async () => {
  const { taken } = await record(keeping, 'misnamed', streams.ts, 'misnamed/0.mp4');
  expect(taken?.result).toBe('indexed');
});

it('keeps the original, and knows the event when it comes again', async () => {
  const { key } = await record(keeping, 'kept', streams.ts);
  const before = await stored(mp4CopyKey(key));
  expect((await keeping.take('kept', eventOf(key)))?.result).toBe('known');
  expect(await stored(key)).toBeDefined();
  expect(await stored(mp4CopyKey(key))).toEqual(before);
});

it('drops the original where that is set, and knows the event when it comes again', async () => {
  const { key } = await record(dropping, 'dropped', streams.ts);
  expect(await stored(key)).toBeUndefined();
  expect((await dropping.take('dropped', eventOf(key)))?.result).toBe('known');
  expect((await onlySegment('dropped')).key).toBe(mp4CopyKey(key));
});

it('indexes the copy of an original that is gone', async () => {
  const { key } = await record(dropping, 'first-life', streams.ts);
  expect((await dropping.take('second-life', eventOf(key)))?.result).toBe('indexed');
});

it('checks size and digest against the original', async () => {
  const bytes = await readFile(streams.ts);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await keeping.put('digest/0.ts', streams.ts);
  const right = eventOf('digest/0.ts', { sha256, bytes: bytes.length });
  expect((await keeping.take('digest', right))?.result).toBe('indexed');
  await keeping.put('digest/1.ts', streams.ts);
  const wrong = eventOf('digest/1.ts', { sha256: sha256.replace(/^./, (c) => (c === '0' ? '1' : '0')) });
  expect(await keeping.take('digest', wrong)).toMatchObject({
    result: 'refused',
    facts: { code: 'SegmentEventInvalid' },
  });
  expect(await stored(mp4CopyKey('digest/1.ts'))).toBeUndefined();
});

it('refuses a transport stream that holds no media, and leaves no copy', async () => {
  const path = join(servers.folder, 'empty.ts');
  const packet = Buffer.alloc(188, 0xff);
  packet.set([0x47, 0x1f, 0xff, 0x10]);
  await writeFile(path, Buffer.concat(Array.from({ length: 50 }, () => packet)));
  const { key, taken } = await record(keeping, 'hollow', path);
  expect(taken).toMatchObject({ result: 'refused', facts: { code: 'SegmentCorrupt' } });
  expect(await stored(mp4CopyKey(key))).toBeUndefined();
});

it('finds copies again by a scan, as their originals', async () => {
  await record(dropping, 'scanned', streams.ts, 'scanned/2026-11-03T07-10-00Z.ts');
  const timePattern = '{yyyy}-{mm}-{dd}T{hh}-{mi}-{ss}Z.ts';
  const scan = { video: 'scanned', timePattern, minAgeSeconds: 0 };
  expect(await keeping.scan.scan(scan)).toMatchObject({ scanned: 1, known: 1 });
  expect(await keeping.scan.scan({ ...scan, video: 'anew', prefix: 'scanned/' })).toMatchObject({
    announced: 1,
  });
});

it('removes original and copy with the video', async () => {
  const { key } = await record(keeping, 'removed', streams.ts);
  await keeping.removal.finish(await keeping.removal.mark('removed'));
  expect([await stored(key), await stored(mp4CopyKey(key))]).toEqual([undefined, undefined]);
});
