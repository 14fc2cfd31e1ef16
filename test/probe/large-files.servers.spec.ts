import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SegmentIndexer } from '@clipmesh/archive';
import {
  layOutMovie,
  ticks,
  wallTime,
  type ByteRange,
  type Movie,
  type MovieLayout,
  type MovieTrack,
  type ObjectIndex,
  type SampleTable,
} from '@clipmesh/media';
import { makeFootage, probeFile, withTemporaryFolder } from '@clipmesh/testkit';
import { placedPackets, type PlacedPacket } from './last-packets';
import { md5Of, readBytes, writeSparse } from './sparse-file';
import { readStrictly } from './strict-reader';

/** Files of many gigabytes, made of holes but for their header and their last object, which is real footage. */

const BORDER = 2 ** 32;
const folder = withTemporaryFolder();

interface Source {
  readonly path: string;
  readonly bytes: Buffer;
  readonly index: ObjectIndex;
}

async function sourceOf(path: string): Promise<Source> {
  const bytes = await readFile(path);
  const indexer = new SegmentIndexer();
  indexer.push(bytes);
  return { path, bytes, index: indexer.finish().index };
}

function boxVersions(header: Uint8Array, type: string): number[] {
  const bytes = Buffer.from(header);
  const versions: number[] = [];
  for (let at = bytes.indexOf(type); at >= 0; at = bytes.indexOf(type, at + 4)) {
    versions.push(bytes[at + 4]!);
  }
  return versions;
}

function headerOf(layout: MovieLayout): Uint8Array {
  const [first] = layout.spans;
  return first?.kind === 'inline' ? first.bytes : new Uint8Array();
}

/** What ffprobe should find of packets that were found in the object which ends the file. */
function movedTo(fileBytes: number, source: Source, packets: readonly PlacedPacket[]): object[] {
  return packets.map(({ pos, size, hash }) => ({ pos: fileBytes - source.bytes.length + pos, size, hash }));
}

const placesOf = (packets: readonly PlacedPacket[]): object[] =>
  packets.map(({ pos, size, hash }) => ({ pos, size, hash }));

describe('a file whose last chunk begins about 4 GiB from its start', () => {
  const FRAMES = 20;
  /** What an mdat of more than 4 GiB has more in its header. */
  const LARGE_SIZE_BYTES = 8;
  let source: Source;

  beforeAll(async () => {
    // A fragment for each frame, so that each has a chunk of its own.
    const path = join(folder, 'frames.mp4');
    await makeFootage({ path, seconds: FRAMES / 10, fps: 10, gopSeconds: 0.1, layout: 'fragmented' });
    source = await sourceOf(path);
  });

  /** The footage, a hole, and the footage again. */
  function movieAround(holeBytes: number): Movie {
    const [track] = source.index.tracks;
    const length = source.bytes.length;
    const readSamples = (): SampleTable => track!.samples;
    return {
      ranges: [
        { object: 0, offset: 0, length },
        { object: 1, offset: 0, length: holeBytes },
        { object: 2, offset: 0, length },
      ],
      tracks: [
        {
          ...track!,
          runs: [0, 2].map((object) => ({ object, readSamples })),
          presentation: { mediaTime: ticks(0), duration: ticks((2 * FRAMES * track!.timescale) / 10) },
        },
      ],
      createdAt: wallTime(0),
    };
  }

  it.each([
    ['one byte before: 32 bits', BORDER - 1, 'stco'],
    ['there: 64 bits', BORDER, 'co64'],
    ['2 GiB behind: 64 bits', 1.5 * BORDER, 'co64'],
  ])(
    'is read to its last packet: %s',
    async (_, lastChunk, box) => {
      const own = await placedPackets(source.path, 'v:0');
      const trial = layOutMovie(movieAround(1));
      const trialChunk = trial.sizeBytes - source.bytes.length + own.at(-1)!.pos;
      const layout = layOutMovie(movieAround(1 + lastChunk - trialChunk - LARGE_SIZE_BYTES));
      // Wider offsets make the header longer, and so they are there with the more reason.
      const wider = headerOf(layout).length - headerOf(trial).length - LARGE_SIZE_BYTES;
      expect(wider).toBe(box === 'co64' ? 2 * FRAMES * 4 : 0);
      expect(Buffer.from(headerOf(layout)).includes(box)).toBe(true);

      const output = join(folder, 'border.mp4');
      await writeSparse(output, layout, (object) => (object === 1 ? undefined : source.bytes));
      const read = await placedPackets(output, 'v:0');
      expect(read.at(-1)!.pos).toBe(lastChunk + wider);
      expect(read).toHaveLength(2 * FRAMES);
      expect(placesOf(read.slice(FRAMES))).toEqual(movedTo(layout.sizeBytes, source, own));

      const { complaints, tracks } = readStrictly(output);
      expect(complaints).toEqual([]);
      const { offset, sizeBytes } = tracks[0]!.last!;
      expect(offset).toBe(lastChunk + wider);
      expect(md5Of(await readBytes(output, offset, sizeBytes))).toBe(own.at(-1)!.hash);
    },
    60_000,
  );

  it.each([
    ['32 bits', BORDER - 1, 8],
    ['64 bits', BORDER, 16],
  ])(
    'has an mdat whose size takes %s',
    async (_, boxBytes, headerBytes) => {
      const { ranges, ...movie } = movieAround(boxBytes - 8 - 2 * source.bytes.length);
      // The hole comes last.
      const layout = layOutMovie({ ...movie, ranges: [ranges[0]!, ranges[2]!, ranges[1]!] });
      const output = join(folder, 'mdat.mp4');
      await writeSparse(output, layout, (object) => (object === 1 ? undefined : source.bytes));
      const mdat = layout.headerBytes - headerBytes;
      expect((await readBytes(output, mdat + 4, 4)).toString()).toBe('mdat');
      expect(layout.sizeBytes - mdat).toBe(boxBytes - 8 + headerBytes);
      const own = (await placedPackets(source.path, 'v:0')).map(({ hash }) => hash);
      expect((await placedPackets(output, 'v:0')).map(({ hash }) => hash)).toEqual([...own, ...own]);
      expect(readStrictly(output).complaints).toEqual([]);
    },
    60_000,
  );
});

describe('a file of many hours in ticks of 90 kHz', () => {
  const TIMESCALE = 90_000;
  /** One frame a second, sync samples 10 s apart. */
  const OBJECT_SECONDS = 120;
  const DAY = 86_400;
  /** So that a day is more than 4 GiB long before the file's last object. */
  const HOLE_BYTES = 6 * 2 ** 20;
  let source: Source;

  beforeAll(async () => {
    const path = join(folder, 'hours.mp4');
    await makeFootage({ path, seconds: OBJECT_SECONDS, fps: 1, gopSeconds: 10, bFrames: 2, audio: true });
    source = await sourceOf(path);
  }, 60_000);

  /** The source's pictures in the ticks that are wanted: all its times are whole seconds. */
  function pictures(): SampleTable {
    const [{ samples, timescale }] = source.index.tracks as [ObjectIndex['tracks'][number]];
    const scaled = (time: number): number => (time / timescale) * TIMESCALE;
    return {
      ...samples,
      durations: samples.durations.map(scaled),
      compositionOffsets: samples.compositionOffsets.map(scaled),
    };
  }

  /** One sample that lasts as long as an object: a week of sound need not be 28 million samples. */
  function silence(timescale: number): SampleTable {
    return {
      count: 1,
      sizes: Uint32Array.of(1),
      durations: Uint32Array.of(OBJECT_SECONDS * timescale),
      compositionOffsets: Int32Array.of(0),
      syncs: Uint8Array.of(1),
      chunkOffsets: Float64Array.of(0),
      chunkSampleCounts: Uint32Array.of(1),
    };
  }

  function movieOf(objects: number, shownFrom: number): Movie {
    const [video, sound] = source.index.tracks;
    const seconds = objects * OBJECT_SECONDS;
    const runsOf = (hole: SampleTable, real: SampleTable): MovieTrack['runs'] =>
      Array.from({ length: objects }, (_, object) => ({
        object,
        readSamples: () => (object === objects - 1 ? real : hole),
      }));
    const shown = (timescale: number, decodeStart: number): MovieTrack['presentation'] => ({
      mediaTime: ticks(shownFrom * timescale - decodeStart),
      duration: ticks((seconds - shownFrom) * timescale),
    });
    const table = pictures();
    const videoStart = (video!.decodeStart / video!.timescale) * TIMESCALE;
    return {
      ranges: Array.from({ length: objects }, (_, object): ByteRange => ({
        object,
        offset: 0,
        length: object === objects - 1 ? source.bytes.length : Math.max(HOLE_BYTES, source.bytes.length),
      })),
      tracks: [
        {
          ...video!,
          timescale: TIMESCALE,
          runs: runsOf(table, table),
          presentation: shown(TIMESCALE, videoStart),
        },
        {
          ...sound!,
          runs: runsOf(silence(sound!.timescale), sound!.samples),
          presentation: shown(sound!.timescale, sound!.decodeStart),
        },
      ],
      createdAt: wallTime(0),
    };
  }

  it.each([
    ['13 h: 32 bits', 13 * 3600, 3, 0, [0, 0]],
    ['13 h 20 min: 64 bits', 48_000, 3, 1, [1, 0]],
    ['a day: 64 bits for the pictures alone', DAY, 3, 1, [1, 0]],
    ['seven days', 7 * DAY, 3, 1, [1, 1]],
    ['three days behind four that are hidden', 7 * DAY, 4 * DAY + 3, 1, [1, 1]],
  ])(
    'is read to its last packet: %s',
    async (_, seconds, shownFrom, movieVersion, mediaVersions) => {
      const layout = layOutMovie(movieOf(seconds / OBJECT_SECONDS, shownFrom));
      const header = headerOf(layout);
      expect(boxVersions(header, 'mvhd')).toEqual([movieVersion]);
      expect(boxVersions(header, 'tkhd')).toEqual([movieVersion, movieVersion]);
      expect(boxVersions(header, 'elst')).toEqual([movieVersion, movieVersion]);
      expect(boxVersions(header, 'mdhd')).toEqual(mediaVersions);

      const output = join(folder, 'hours-of-holes.mp4');
      const last = seconds / OBJECT_SECONDS - 1;
      await writeSparse(output, layout, (object) => (object === last ? source.bytes : undefined));

      const shown = seconds - shownFrom;
      const { format, streams } = await probeFile(output);
      expect(Number(format.duration)).toBe(shown);
      expect(streams.map(({ duration }) => Number(duration))).toEqual([shown, shown]);
      for (const [stream, perSecond] of [
        ['v:0', TIMESCALE],
        ['a:0', source.index.tracks[1]!.timescale],
      ] as const) {
        const own = await placedPackets(source.path, stream);
        const ownPerSecond = stream === 'v:0' ? source.index.tracks[0]!.timescale : perSecond;
        const read = (await placedPackets(output, stream, shown - 15)).slice(-10);
        expect(placesOf(read)).toEqual(movedTo(layout.sizeBytes, source, own.slice(-10)));
        const before = (seconds - OBJECT_SECONDS - shownFrom) * perSecond;
        expect(read.map(({ pts }) => pts)).toEqual(
          own.slice(-10).map(({ pts }) => before + (pts / ownPerSecond) * perSecond),
        );
      }

      const { complaints, tracks, durationSeconds } = readStrictly(output);
      expect(complaints).toEqual([]);
      expect(durationSeconds).toBe(shown);
      for (const [i, { last: sample, edits }] of tracks.entries()) {
        const { timescale, decodeStart } = source.index.tracks[i]!;
        const [, ...none] = edits;
        expect(none).toEqual([]);
        expect(edits[0]).toMatchObject({ seconds: shown });
        const perSecond = i === 0 ? TIMESCALE : timescale;
        expect(edits[0]!.mediaTime).toBe(shownFrom * perSecond - (decodeStart / timescale) * perSecond);
        const own = (await placedPackets(source.path, i === 0 ? 'v:0' : 'a:0')).at(-1)!;
        expect(md5Of(await readBytes(output, sample!.offset, sample!.sizeBytes))).toBe(own.hash);
      }
    },
    120_000,
  );
});
