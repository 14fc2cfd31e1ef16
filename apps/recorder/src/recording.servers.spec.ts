import { join } from 'node:path';
import { parseInstant } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import {
  frameHashes,
  makeFootage,
  probePackets,
  withTemporaryFolder,
  type FootageOptions,
} from '@clipmesh/testkit';
import type { Announcer } from './announcer';
import type { RecorderArguments } from './arguments';
import { recordFile } from './recording';
import { Spool, type SpooledSegment } from './spool';

jest.setTimeout(30_000);

const folder = withTemporaryFolder();
const START = wallTime(Date.UTC(2026, 10, 1, 5, 59, 55));

interface RecordedSegment extends SpooledSegment {
  readonly path: string;
}

async function record(
  name: string,
  footage: Partial<FootageOptions>,
  options: Partial<RecorderArguments> = {},
) {
  const input = await makeFootage({
    path: join(folder, `${name}.mp4`),
    seconds: 9,
    gopSeconds: 2,
    ...footage,
  });
  const spool = await Spool.open(join(folder, name), Date.now());
  const names: string[] = [];
  const announcer = { add: (segment: string) => names.push(segment) } as unknown as Announcer;
  const recorded = await recordFile(
    input,
    { video: 'gate', segmentSeconds: 4, repeat: 1, realtime: false, spool: folder, start: START, ...options },
    spool,
    announcer,
    new AbortController().signal,
  );
  const segments: RecordedSegment[] = [];
  for (const segment of names) {
    segments.push({ ...(await spool.read(segment)), path: spool.mediaPath(segment) });
  }
  return { input, segments, recorded };
}

async function joined<T>(
  segments: readonly RecordedSegment[],
  read: (path: string) => Promise<readonly T[]>,
): Promise<T[]> {
  const pieces: T[] = [];
  for (const { path } of segments) {
    pieces.push(...(await read(path)));
  }
  return pieces;
}

const packetsOf = (stream: string) => async (path: string) =>
  (await probePackets(path, stream)).map(({ pts, dts, size, flags }) => ({
    pts,
    dts,
    size,
    flags: flags[0],
  }));

it.each<[string, Partial<FootageOptions>]>([
  ['plain', {}],
  ['b-frames-and-sound', { bFrames: 2, audio: true }],
  ['h265', { codec: 'h265', bFrames: 2 }],
  ['ntsc', { fps: 30_000 / 1001, gopSeconds: 1.001 }],
])('keeps every video packet with its time, and every picture: %s', async (name, footage) => {
  const { input, segments } = await record(name, footage);
  expect(await joined(segments, packetsOf('v:0'))).toEqual(await packetsOf('v:0')(input));
  const hashes = async (path: string) => (await frameHashes(path)).map(({ hash }) => hash);
  expect(await joined(segments, hashes)).toEqual(await hashes(input));
});

it('keeps the sound at its distance from the picture', async () => {
  const { input, segments } = await record('sound', { bFrames: 2, audio: true });
  const audio = packetsOf('a:0');
  const times = (packets: Awaited<ReturnType<typeof audio>>) =>
    packets.map(({ pts, size }) => ({ pts, size }));
  expect(times(await joined(segments, audio))).toEqual(times(await audio(input)));
});

it('announces segments whose starts follow from the media, under the hour that they start in', async () => {
  const { segments, recorded } = await record('times', {});
  expect(segments.map(({ event }) => [event.start, event.durationMs, event.object.key])).toEqual([
    ['2026-11-01T05:59:55.000Z', 4000, `gate/2026/11/01/05/${String(START)}-0.mp4`],
    ['2026-11-01T05:59:59.000Z', 4000, `gate/2026/11/01/05/${String(START + 4000)}-1.mp4`],
    ['2026-11-01T06:00:03.000Z', 1000, `gate/2026/11/01/06/${String(START + 8000)}-2.mp4`],
  ]);
  expect(segments.map(({ event }) => event.continuesPrevious)).toEqual([false, true, true]);
  expect(recorded).toEqual({ start: START, end: START + 9000, segments: 3 });
});

it('records a file several times as one recording', async () => {
  const { segments } = await record('repeat', {}, { repeat: 3, segmentSeconds: 30 });
  expect(segments.map(({ event }) => event.start)).toEqual([
    '2026-11-01T05:59:55.000Z',
    '2026-11-01T06:00:04.000Z',
    '2026-11-01T06:00:13.000Z',
  ]);
});

it('ends now when it is not told a start', async () => {
  const input = await makeFootage({ path: join(folder, 'now.mp4'), seconds: 3 });
  const before = Date.now();
  const recorded = await recordFile(
    input,
    { video: 'gate', segmentSeconds: 30, repeat: 2, realtime: false, spool: folder },
    await Spool.open(join(folder, 'now'), before),
    { add: () => undefined } as unknown as Announcer,
    new AbortController().signal,
  );
  expect(recorded.end).toBeGreaterThanOrEqual(before);
  expect(recorded.end).toBeLessThanOrEqual(Date.now());
});

it('gives the same bytes, keys and message ids every time', async () => {
  const [once, again] = [await record('same', {}), await record('same', {})];
  const told = (segments: readonly RecordedSegment[]) =>
    segments.map(({ messageId, event }) => ({ messageId, event }));
  expect(told(again.segments)).toEqual(told(once.segments));
  expect(parseInstant(once.segments[0]!.event.start)).toBe(START);
});

it('records into a spool that still holds the same recording', async () => {
  const first = await record('begun-again', {});
  const second = await record('begun-again', {});
  const paths = [...first.segments, ...second.segments].map(({ path }) => path);
  expect(new Set(paths).size).toBe(6);
  const spool = await Spool.open(join(folder, 'begun-again'), Date.now());
  expect(await spool.waiting()).toHaveLength(6);
});

it('refuses what is no media', async () => {
  await expect(record('none', { path: '/dev/null' })).rejects.toThrow();
});
