import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUCKETS, formatInstant, refusedSubject, type SegmentEvent } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { makeFootage, withServers } from '@clipmesh/testkit';
import { TestReader } from '../testing/arrange';

// Hooks after the tests run in the order of their declaration: this one before the servers stop.
afterAll(async () => {
  await Promise.all([reader.close(), second.close()]);
});

const servers = withServers();
const START = Date.UTC(2026, 9, 31, 5, 20);
const SECONDS = 4;

let reader: TestReader;
let second: TestReader;
/** Four seconds, fragmented and progressive, as recorders make them. */
const footage = { fragmented: '', progressive: '' };

beforeAll(async () => {
  const common = { seconds: SECONDS, gopSeconds: 2, audio: true, bFrames: 2 };
  footage.fragmented = await makeFootage({
    ...common,
    path: join(servers.folder, 'fragmented.mp4'),
    layout: 'fragmented',
  });
  footage.progressive = await makeFootage({ ...common, path: join(servers.folder, 'progressive.mp4') });
  reader = await TestReader.open(servers);
  second = await TestReader.open(servers);
}, 60_000);

const eventAt = (key: string, offsetMs = 0): SegmentEvent => ({
  start: formatInstant(wallTime(START + offsetMs)),
  object: { key },
});

/** Puts and takes one segment. */
async function record(video: string, key: string, offsetMs = 0, path = footage.fragmented) {
  await reader.put(key, path);
  return reader.take(video, eventAt(key, offsetMs));
}

async function spansOf(video: string): Promise<[number, number][]> {
  const { timeRanges } = await reader.coverage.read({
    video,
    start: formatInstant(wallTime(START - 3600_000)),
    end: formatInstant(wallTime(START + 3 * 3600_000)),
  });
  return timeRanges.map(({ start, end }) => [Date.parse(start) - START, Date.parse(end) - START]);
}

/** Of all segments around the start, as planning would read them. */
async function keysOf(video: string): Promise<string[]> {
  const { id } = await reader.videos.visible(video);
  const range = { startMs: wallTime(START - 60_000), endMs: wallTime(START + 600_000) };
  const { segments } = await reader.catalog.reader.readRange(id, range);
  return segments.map(({ key }) => key);
}

it('indexes fragmented and progressive segments with spans, tracks, digests and leaves', async () => {
  await record('kinds', 'kinds/0.mp4');
  await record('kinds', 'kinds/1.mp4', 4_000, footage.progressive);
  const video = await reader.videos.visible('kinds');
  expect(video).toMatchObject({ type: 'Archive', hasData: true });
  const range = { startMs: wallTime(START), endMs: wallTime(START + 10_000) };
  const { segments } = await reader.catalog.reader.readRange(video.id, range);
  expect(segments.map(({ key, startMs }) => [key, startMs - START])).toEqual([
    ['kinds/0.mp4', 0],
    ['kinds/1.mp4', 4_000],
  ]);
  for (const segment of segments) {
    expect(segment.tracks.map((track) => [track.kind, track.samples.count])).toEqual([
      ['video', SECONDS * 25],
      ['audio', expect.any(Number)],
    ]);
    expect(segment.leaves.reduce((sum, leaf) => sum + leaf.length, 0)).toBe(segment.sizeBytes);
    expect(segment.endMs - segment.startMs).toBe(SECONDS * 1000);
  }
  expect(await spansOf('kinds')).toEqual([[0, 8_000]]);
});

it('indexes a segment once, however often its event comes', async () => {
  await reader.put('ten/0.mp4', footage.fragmented);
  reader.startIntake();
  for (let n = 0; n < 10; n++) {
    await reader.announce('ten', eventAt('ten/0.mp4'), `ten-${String(n)}`);
  }
  const results = (await reader.hasTaken('ten', 10)).map(({ result }) => result);
  expect(results.filter((result) => result === 'indexed')).toHaveLength(1);
  expect(results.filter((result) => result === 'known')).toHaveLength(9);
  expect(await spansOf('ten')).toEqual([[0, 4_000]]);
});

it('makes the same index of events in any order', async () => {
  for (const n of [3, 0, 2, 1, 4]) {
    await record('order', `order/${String(n)}.mp4`, n * 4_000);
  }
  expect(await spansOf('order')).toEqual([[0, 20_000]]);
});

it('makes one index when several readers take events at once', async () => {
  const keys = Array.from({ length: 24 }, (_, n) => `race/${String(n)}.mp4`);
  await Promise.all(keys.map((key) => reader.put(key, footage.fragmented)));
  const small = await TestReader.open(servers, { inlineLimitBytes: 4_096 });
  const readers = [reader, second, small];
  await Promise.all(
    keys.flatMap((key, n) => readers.map((one) => one.take('race', eventAt(key, n * 4_000)))),
  );
  expect(await spansOf('race')).toEqual([[0, 96_000]]);
  const { id } = await reader.videos.visible('race');
  const range = { startMs: wallTime(START), endMs: wallTime(START + 96_000) };
  const { segments } = await second.catalog.reader.readRange(id, range);
  expect(segments.map(({ key }) => key)).toEqual(keys);
  await small.close();
});

it('takes one of two overlapping segments that two readers take at once into different hours', async () => {
  const toNextHour = 40 * 60_000;
  const videos = Array.from({ length: 8 }, (_, n) => `edge-${String(n)}`);
  await Promise.all(['edge/before.mp4', 'edge/after.mp4'].map((key) => reader.put(key, footage.fragmented)));
  await Promise.all(videos.map((video) => reader.videos.ensureArchive(video)));
  await Promise.all(
    videos.flatMap((video) => [
      reader.take(video, eventAt('edge/before.mp4', toNextHour - 2_000)),
      second.take(video, eventAt('edge/after.mp4', toNextHour)),
    ]),
  );
  const spans = await Promise.all(videos.map(spansOf));
  const lengths = spans.map((ranges) => ranges.map(([start, end]) => end - start));
  expect(lengths).toEqual(videos.map(() => [SECONDS * 1000]));
});

it('closes small holes and overlaps, and keeps larger holes as gaps', async () => {
  await record('holes', 'holes/0.mp4');
  await record('holes', 'holes/1.mp4', 4_900);
  await record('holes', 'holes/2.mp4', 8_000);
  await record('holes', 'holes/3.mp4', 13_100);
  expect(await spansOf('holes')).toEqual([
    [0, 12_000],
    [13_100, 17_100],
  ]);
});

describe('refuses by code, with the original, and takes what comes after', () => {
  const corrupt = async () => {
    const bytes = await readFile(footage.fragmented);
    // The first run claims more samples than its box has room for.
    bytes.writeUInt32BE(0x00ffffff, bytes.indexOf('trun') + 8);
    const path = join(servers.folder, 'corrupt.mp4');
    await writeFile(path, bytes);
    return path;
  };
  const truncated = async () => {
    const bytes = await readFile(footage.progressive);
    const path = join(servers.folder, 'truncated.mp4');
    await writeFile(path, bytes.subarray(0, bytes.length - 500));
    return path;
  };
  const text = async () => {
    const path = join(servers.folder, 'text.mp4');
    await writeFile(path, 'once upon a time there was a recorder\n'.repeat(100));
    return path;
  };
  const encrypted = async () => {
    const bytes = await readFile(footage.fragmented);
    bytes.write('encv', bytes.indexOf('avc1', bytes.indexOf('stsd')));
    const path = join(servers.folder, 'encrypted.mp4');
    await writeFile(path, bytes);
    return path;
  };
  const cases: [string, (() => Promise<string>) | undefined, Partial<SegmentEvent>][] = [
    ['SegmentMissing', undefined, {}],
    ['SegmentCorrupt', corrupt, {}],
    ['SegmentTruncated', truncated, {}],
    ['SegmentNotMp4', text, {}],
    ['CodecUnsupported', encrypted, {}],
    ['SegmentOverlap', () => Promise.resolve(footage.fragmented), eventAt('', 2_000)],
    ['SegmentInFuture', () => Promise.resolve(footage.fragmented), { start: '2099-01-01T00:00:00Z' }],
    ['SegmentTooLong', () => Promise.resolve(footage.fragmented), { durationMs: 7_200_000 }],
    ['SegmentEventInvalid', () => Promise.resolve(footage.fragmented), { start: 'yesterday' }],
  ];
  it.each(cases)('%s', async (code, make, changes) => {
    const video = `refused-${code}`;
    const key = `${video}/bad.mp4`;
    await record(video, `${video}/0.mp4`);
    if (make !== undefined) {
      await reader.put(key, await make());
    }
    const event = { ...eventAt(key, 4_000), ...changes, object: { key }, site: 'north' };
    expect(await reader.take(video, event)).toMatchObject({ result: 'refused', facts: { code } });
    await record(video, `${video}/2.mp4`, 8_000);
    expect(await spansOf(video)).toEqual([
      [0, 4_000],
      [8_000, 12_000],
    ]);
    expect(await lastRefusal(video)).toMatchObject({ format: 1, code, event });
  });

  it('SegmentChanged', async () => {
    await record('changed', 'changed/0.mp4');
    await reader.put('changed/0.mp4', footage.progressive);
    expect(await reader.take('changed', eventAt('changed/0.mp4'))).toMatchObject({
      result: 'refused',
      facts: { code: 'SegmentChanged' },
    });
  });

  it('VideoConflict, for the name of a file', async () => {
    await reader.outputs.reserve('job-1', { videoName: 'file' });
    expect(await record('file', 'file/0.mp4')).toMatchObject({ facts: { code: 'VideoConflict' } });
  });

  it('an object that is not as it was announced', async () => {
    await reader.put('digest/0.mp4', footage.fragmented);
    const event = eventAt('digest/0.mp4');
    const withObject = (object: object) =>
      reader.take('digest', { ...event, object: { ...event.object, ...object } });
    expect(await withObject({ sha256: '0'.repeat(64) })).toMatchObject({
      facts: { code: 'SegmentEventInvalid' },
    });
    expect(await withObject({ bytes: 1e9 })).toMatchObject({ facts: { code: 'SegmentTruncated' } });
    expect(await withObject({ bytes: 3 })).toMatchObject({ facts: { code: 'SegmentEventInvalid' } });
  });
});

/** What the stream DEAD holds last of a video. */
async function lastRefusal(video: string): Promise<unknown> {
  const { jsm } = reader.bus.link;
  const message = await jsm.streams.getMessage('DEAD', { last_by_subj: refusedSubject(video) });
  return message.json();
}

it('takes a segment again after the store has been away', async () => {
  await reader.put('away/0.mp4', footage.fragmented);
  await servers.minio.stop();
  await reader.announce('away', eventAt('away/0.mp4'));
  await servers.minio.start();
  const [last] = (await reader.hasTaken('away', 1)).slice(-1);
  expect(last).toMatchObject({ result: 'indexed' });
}, 60_000);

it('folds segments into index objects, and merges them once when the hour is closed', async () => {
  const small = await TestReader.open(servers, { inlineLimitBytes: 4_096 });
  const count = 12;
  for (let n = 0; n < count; n++) {
    const key = `fold/${String(n)}.mp4`;
    await small.put(key, footage.fragmented);
    await small.take('fold', eventAt(key, n * 4_000));
  }
  const { id } = await small.videos.visible('fold');
  const hour = Math.floor(START / 3600_000);
  const before = await small.catalog.reader.getHour(id, hour);
  expect(before!.value.folded.length).toBeGreaterThan(1);
  small.clock.nowMs += 3 * 3600_000;
  await small.hours.closeHours();
  const after = await small.catalog.reader.getHour(id, hour);
  expect(after!.value).toMatchObject({ inline: [], folded: [{ count }] });
  expect(await indexKeys(id)).toHaveLength(before!.value.folded.length + 1);
  small.clock.nowMs += 3 * 3600_000;
  await small.hours.closeHours();
  expect(await indexKeys(id)).toEqual([after!.value.folded[0]!.key]);
  expect(await spansOf('fold')).toEqual([[0, count * 4_000]]);
  await small.close();
});

async function indexKeys(videoId: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of reader.store.list(BUCKETS.index, videoId)) {
    keys.push(key);
  }
  return keys;
}

it('makes a lost index object again from its segments', async () => {
  const small = await TestReader.open(servers, { inlineLimitBytes: 4_096 });
  for (let n = 0; n < 6; n++) {
    const startMs = wallTime(START + n * 4_000);
    const key = `lost/2026/10/31/05/${String(startMs)}-${String(n)}.mp4`;
    await small.put(key, footage.fragmented);
    await small.take('lost', { start: formatInstant(startMs), object: { key } });
  }
  const { id } = await small.videos.visible('lost');
  const [first] = await indexKeys(id);
  await small.store.remove({ bucket: BUCKETS.index, key: first! });
  // Times are told by the entry; what else is known must be read, by another reader, which has not read it before.
  expect(await spansOf('lost')).toEqual([[0, 24_000]]);
  expect(await keysOf('lost')).toHaveLength(6);
  const hour = await small.catalog.reader.getHour(id, Math.floor(START / 3600_000));
  expect(hour!.value.folded.map(({ key }) => key)).not.toContain(first);
  expect((await indexKeys(id)).sort()).toEqual(hour!.value.folded.map(({ key }) => key).sort());
  await small.close();
});

it('says what is lost when the keys of the segments tell no time', async () => {
  const small = await TestReader.open(servers, { inlineLimitBytes: 4_096 });
  for (let n = 0; n < 6; n++) {
    await small.put(`odd/${String(n)}.mp4`, footage.fragmented);
    await small.take('odd', eventAt(`odd/${String(n)}.mp4`, n * 4_000));
  }
  const { id } = await small.videos.visible('odd');
  await small.store.removePrefix(BUCKETS.index, id);
  await expect(keysOf('odd')).rejects.toMatchObject({ code: 'ObjectMissing' });
  await small.close();
});
