import fc from 'fast-check';
import { avc1Entry, mp4aEntry } from '../fixture/sample-entries';
import { indexBytes } from '../fixture/index-bytes';
import { refusalOf } from '../fixture/refusal';
import { stored } from '../fixture/stored';
import { tableOf, type TableRow } from '../fixture/table';
import { UNITY_MATRIX } from '../box/matrix';
import { openBox } from '../box/box';
import { readStbl } from '../box/stbl';
import { readMoov, type Moov } from '../box/moov';
import { printBoxes } from '../box/print-boxes';
import { ticks, wallTime } from '../time/ticks';
import { layOutMovie } from './lay-out-movie';
import type { ByteRange, Movie, MovieTrack, SampleRun } from './movie';
import { sampleOffsets } from './sample-offsets';
import type { SampleTable } from './sample-table';
import { verifyLaidOutHeader } from './verify-laid-out-header';

const CREATED = wallTime(Date.UTC(2026, 4, 3, 12, 0, 0, 250));

function track(
  kind: 'video' | 'audio',
  timescale: number,
  runs: readonly SampleRun[],
  shown: [number, number],
): MovieTrack {
  const isVideo = kind === 'video';
  return {
    kind,
    timescale,
    runs,
    presentation: { mediaTime: ticks(shown[0]), duration: ticks(shown[1]) },
    sampleEntry: isVideo ? avc1Entry() : mp4aEntry(),
    codec: isVideo ? 'avc1.64001f' : 'mp4a.40.2',
    width: isVideo ? 320 : 0,
    height: isVideo ? 240 : 0,
    matrix: UNITY_MATRIX,
    language: 'und',
  };
}

const run = (object: number, samples: SampleTable): SampleRun => ({ object, readSamples: () => samples });
const range = (object: number, offset: number, length: number): ByteRange => ({ object, offset, length });
const row = (size: number, duration = 100, rest: Partial<TableRow> = {}): TableRow => ({
  size,
  duration,
  ...rest,
});

/** Two objects: pictures with B-frames and sound in turn, dead bytes between. */
function twoObjects(): Movie {
  const pictures = tableOf(
    [
      row(10, 100, { offset: 200 }),
      row(4, 100, { offset: 300, isSync: false }),
      row(3, 100, { offset: 100, isSync: false }),
    ],
    [40, 60],
    [2, 1],
  );
  const sound = tableOf([row(6, 1024), row(6, 1024)], [54, 70], [1, 1]);
  return {
    ranges: [range(0, 30, 50), range(1, 30, 50)],
    createdAt: CREATED,
    tracks: [
      track('video', 1000, [run(0, pictures), run(1, pictures)], [200, 500]),
      track('audio', 48_000, [run(0, sound), run(1, sound)], [0, 4096]),
    ],
  };
}

/** The whole file, objects being nothing but zeros. */
function fileOf(movie: Movie): Buffer {
  const layout = layOutMovie(movie);
  const file = Buffer.concat(
    layout.spans.map((span) => (span.kind === 'inline' ? span.bytes : Buffer.alloc(span.length))),
  );
  expect(file).toHaveLength(layout.sizeBytes);
  return file;
}

function headerOf(movie: Movie): Uint8Array {
  const [first] = layOutMovie(movie).spans;
  return first?.kind === 'inline' ? first.bytes : new Uint8Array();
}

function moovOf(movie: Movie): Moov {
  const header = Buffer.from(headerOf(movie));
  const start = header.readUInt32BE(0);
  return readMoov(openBox(header.subarray(start, start + header.readUInt32BE(start)), 'moov'));
}

describe('layOutMovie', () => {
  it('writes the tree of boxes that its comment draws', () => {
    const boxes = printBoxes(fileOf({ ...twoObjects(), title: 'Tor' }));
    expect(boxes.replace(/ \d+/g, '')).toMatchInlineSnapshot(`
     "ftyp
     moov
       mvhd
       trak
         tkhd
         edts
           elst
         mdia
           mdhd
           hdlr
           minf
             vmhd
             dinf
               dref
                 url 
             stbl
               stsd
                 avc1
               stts
               ctts
               stss
               stsc
               stsz
               stco
       trak
         tkhd
         edts
           elst
         mdia
           mdhd
           hdlr
           minf
             smhd
             dinf
               dref
                 url 
             stbl
               stsd
                 mp4a
               stts
               stsc
               stsz
               stco
       udta
         meta
           hdlr
           ilst
             ©nam
               data
     mdat"
    `);
  });

  it('places every sample where the file will have it', () => {
    const movie = twoObjects();
    const { headerBytes } = layOutMovie(movie);
    const { tracks } = indexBytes(fileOf(movie));
    const inMdat = tracks.map((t) => [...sampleOffsets(t.samples)].map((offset) => offset - headerBytes));
    expect(inMdat).toEqual([
      [10, 20, 30, 60, 70, 80],
      [24, 40, 74, 90],
    ]);
    expect([...tracks[0]!.samples.sizes]).toEqual([10, 4, 3, 10, 4, 3]);
    expect([...tracks[0]!.samples.compositionOffsets]).toEqual([200, 300, 100, 200, 300, 100]);
    expect([...tracks[0]!.samples.syncs]).toEqual([1, 0, 0, 1, 0, 0]);
    expect(tracks[1]!.samples.chunkOffsets).toHaveLength(4);
  });

  it('writes chunks of the same number of samples as one entry', () => {
    const [video, audio] = moovOf(twoObjects()).traks.map(({ stbl }) => [...readStbl(stbl).stsc]);
    expect(video).toEqual([1, 2, 1, 2, 1, 1, 3, 2, 1, 4, 1, 1]);
    expect(audio).toEqual([1, 1, 1]);
  });

  it('gives spans that tile the file, header first', () => {
    const { spans, sizeBytes, headerBytes } = layOutMovie(twoObjects());
    expect(spans.slice(1)).toEqual([
      { kind: 'object', object: 0, offset: 30, length: 50 },
      { kind: 'object', object: 1, offset: 30, length: 50 },
    ]);
    expect(sizeBytes).toBe(headerBytes + 100);
  });

  it('gives the same bytes for the same movie, and reads each run twice', () => {
    let reads = 0;
    const counted = tableOf([row(5)]);
    const once = (): Movie => ({
      ...twoObjects(),
      ranges: [range(0, 0, 5)],
      tracks: [track('video', 1000, [{ object: 0, readSamples: () => (reads++, counted) }], [0, 100])],
    });
    expect(headerOf(once())).toEqual(headerOf(once()));
    expect(reads).toBe(4);
  });

  it('gives back any samples that were put in, and their sum as the duration', async () => {
    const sample = fc.record({
      size: fc.nat(30),
      duration: fc.oneof(fc.constant(512), fc.nat(5000)),
      offset: fc.oneof(fc.constantFrom(0, 512), fc.integer({ min: -900, max: 900 })),
      isSync: fc.boolean(),
    });
    const chunk = fc.record({ gap: fc.nat(20), samples: fc.array(sample, { minLength: 1, maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(chunk, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        async (objects) => {
          const tables = objects.map((chunks) => {
            let end = 0;
            const offsets = chunks.map(({ gap, samples }) => {
              const offset = end + gap;
              end = offset + samples.reduce((sum, { size }) => sum + size, 0);
              return offset;
            });
            const rows = chunks.flatMap(({ samples }) => samples);
            const counts = chunks.map(({ samples }) => samples.length);
            return { table: tableOf(rows, offsets, counts), end, rows };
          });
          const rows = tables
            .flatMap((table) => table.rows)
            .map((r, i) => (i === 0 ? { ...r, isSync: true } : r));
          tables[0]!.table.syncs[0] = 1;
          const movie = {
            ...twoObjects(),
            ranges: tables.map(({ end }, object) => range(object, 0, end)),
            tracks: [
              track(
                'video',
                1000,
                tables.map(({ table }, object) => run(object, table)),
                [0, 100],
              ),
            ],
          };
          await verifyLaidOutHeader(stored(headerOf(movie)), movie, layOutMovie(movie));
          const { mdhd, stbl } = moovOf(movie).traks[0]!;
          const stts = readStbl(stbl.reopen()).stts;
          const bySample = rows.reduce((sum, { duration }) => sum + duration, 0);
          const byPairs = stts.reduce((sum, count, i) => (i % 2 === 0 ? sum + count * stts[i + 1]! : sum), 0);
          expect([mdhd.duration, byPairs]).toEqual([bySample, bySample]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('dates the file by the movie, from 1904', () => {
    expect(moovOf(twoObjects()).mvhd.creationTime).toBe(Date.UTC(2026, 4, 3, 12) / 1000 + 2_082_844_800);
  });

  it('takes a clock in which all edits are whole', () => {
    const { mvhd, traks } = moovOf(twoObjects());
    expect(mvhd).toMatchObject({ timescale: 48_000, duration: 24_000 });
    expect(traks.map(({ edits }) => edits)).toEqual([
      [{ segmentDuration: 24_000, mediaTime: 200 }],
      [{ segmentDuration: 4096, mediaTime: 0 }],
    ]);
  });

  it('takes no clock that passes 31 bits', () => {
    const fine = 2 ** 31 - 1;
    const movie = {
      ...twoObjects(),
      ranges: [range(0, 0, 9)],
      tracks: [
        track('video', fine, [run(0, tableOf([row(1)]))], [0, 1]),
        track('audio', 2, [run(0, tableOf([row(1)]))], [0, 1]),
      ],
    };
    expect(moovOf(movie).mvhd.timescale).toBe(fine);
  });

  it.each([
    ["the pictures' own clock when the common one would need 64 bits", 90_000, 44_100, 90_000],
    ['a multiple of a coarse clock', 7, 44_101, 1001],
  ])('takes %s', (_, video, audio, timescale) => {
    const hours = 20_000;
    const movie = {
      ...twoObjects(),
      ranges: [range(0, 0, 9)],
      tracks: [
        track('video', video, [run(0, tableOf([row(1)]))], [0, hours * video]),
        track('audio', audio, [run(0, tableOf([row(1)]))], [0, hours * audio]),
      ],
    };
    expect(moovOf(movie).mvhd.timescale).toBe(timescale);
  });

  it('is silent first when the sound begins later', () => {
    const late = twoObjects();
    const sound = { ...late.tracks[1]!, presentation: { mediaTime: ticks(-480), duration: ticks(4096) } };
    expect(moovOf({ ...late, tracks: [late.tracks[0]!, sound] }).traks[1]?.edits).toEqual([
      { segmentDuration: 480, mediaTime: -1 },
      { segmentDuration: 3616, mediaTime: 0 },
    ]);
  });

  it('needs 64 bits for long times, and only then', () => {
    const long = tableOf(Array.from({ length: 20 }, () => row(1, 400_000_000)));
    const movie = { ...twoObjects(), ranges: [range(0, 0, 20)] };
    const day = moovOf({
      ...movie,
      tracks: [track('video', 90_000, [run(0, long)], [5_000_000_000, 3_000_000_000])],
    });
    expect(day.traks[0]?.mdhd.duration).toBe(8_000_000_000);
    expect(day.traks[0]?.edits).toEqual([{ segmentDuration: 3_000_000_000, mediaTime: 5_000_000_000 }]);
  });

  it('needs 64 bits for chunks beyond 4 GiB, for all tracks', async () => {
    const far = tableOf([row(5), row(5)], [0, 5_000_000_000], [1, 1]);
    const movie = {
      ...twoObjects(),
      ranges: [range(0, 0, 5_000_000_005)],
      tracks: [
        track('video', 1000, [run(0, far)], [0, 200]),
        track('audio', 48_000, [run(0, tableOf([row(7)], [100], [1]))], [0, 100]),
      ],
    };
    const header = headerOf(movie);
    const text = Buffer.from(header).toString('latin1');
    expect(text.match(/co64/g)).toHaveLength(2);
    expect(text).not.toContain('stco');
    expect(Buffer.from(header).readUInt32BE(header.length - 16)).toBe(1);
    expect(Buffer.from(header).readBigUInt64BE(header.length - 8)).toBe(5_000_000_005n + 16n);
    await verifyLaidOutHeader(stored(header), movie, layOutMovie(movie));
  });

  it.each([
    ['just below 4 GiB', -1, 'stco'],
    ['at 4 GiB', 0, 'co64'],
  ])('chooses the width of offsets for a chunk %s', (_, past, box) => {
    const at = (offset: number): Movie => ({
      ...twoObjects(),
      ranges: [range(0, 0, offset + 1)],
      tracks: [track('video', 1000, [run(0, tableOf([row(1)], [offset], [1]))], [0, 100])],
    });
    const { headerBytes } = layOutMovie(at(2 ** 32 - 2000));
    expect(Buffer.from(headerOf(at(2 ** 32 - headerBytes + past))).includes(box)).toBe(true);
  });

  it('names brands for what the tracks are', () => {
    const signed = twoObjects();
    const down = tableOf([row(5, 100, { offset: -100 })], [40], [1]);
    const h265 = { ...track('video', 1000, [run(0, down)], [0, 100]), codec: 'hvc1.1.6.L93.B0' };
    expect(Buffer.from(headerOf(signed)).toString('latin1', 16, 32)).toBe('isomiso2avc1mp41');
    expect(Buffer.from(headerOf({ ...signed, tracks: [h265] })).toString('latin1', 16, 32)).toBe(
      'isomiso2iso4mp41',
    );
  });

  describe('finding samples in mdat', () => {
    const placed = async (ranges: ByteRange[], runs: SampleRun[]): Promise<number[]> => {
      const movie = { ...twoObjects(), ranges, tracks: [track('video', 1000, runs, [0, 100])] };
      const layout = layOutMovie(movie);
      await verifyLaidOutHeader(stored(headerOf(movie)), movie, layout);
      return [...sampleOffsets(indexBytes(fileOf(movie)).tracks[0]!.samples)].map(
        (o) => o - layout.headerBytes,
      );
    };
    const three = tableOf([row(10), row(10), row(10)], [0], [3]);

    it('splits a chunk that several ranges hold', async () => {
      expect(await placed([range(0, 0, 10), range(1, 0, 5), range(0, 10, 20)], [run(0, three)])).toEqual([
        0, 15, 25,
      ]);
    });

    it('finds the second stretch of an object in its second range', async () => {
      const last = tableOf([row(10)], [20], [1]);
      expect(
        await placed(
          [range(0, 0, 20), range(1, 0, 9), range(0, 20, 10)],
          [run(0, tableOf([row(10)])), run(0, last)],
        ),
      ).toEqual([0, 29]);
    });

    it('goes on from where the object was last found, and comes back to the front', async () => {
      const at = (offset: number): SampleRun => run(0, tableOf([row(10)], [offset], [1]));
      expect(await placed([range(0, 0, 30), range(0, 20, 30)], [at(0), at(40), at(20), at(10)])).toEqual([
        0, 50, 30, 10,
      ]);
    });

    it('takes an object twice when ranges overlap', async () => {
      expect(await placed([range(0, 0, 30), range(0, 0, 30)], [run(0, three), run(0, three)])).toHaveLength(
        6,
      );
    });

    it('takes empty samples that no range holds, before and behind those with bytes', async () => {
      const empty = tableOf([row(0), row(0)], [500], [2]);
      const mixed = tableOf([row(0), row(10), row(0)], [5], [3]);
      expect(await placed([range(0, 5, 10)], [run(0, empty), run(0, mixed), run(0, empty)])).toEqual([
        ...[0, 0],
        ...[0, 0, 10],
        ...[0, 0],
      ]);
    });

    it('refuses a sample that no range holds whole', async () => {
      await expect(placed([range(0, 0, 15), range(0, 15, 15)], [run(0, three)])).rejects.toThrow(
        'bytes 10 to 20 of object 0',
      );
    });
  });

  it('refuses samples that are others when they are read again', () => {
    const more = [tableOf([row(5)]), tableOf([row(5), row(5)]), tableOf([row(5)]), tableOf([])];
    let reads = 0;
    const changing = (): Movie => ({
      ...twoObjects(),
      ranges: [range(0, 0, 10)],
      tracks: [track('video', 1000, [{ object: 0, readSamples: () => more[reads++]! }], [0, 100])],
    });
    expect(refusalOf(() => layOutMovie(changing())).message).toContain('when it was counted');
    expect(refusalOf(() => layOutMovie(changing())).message).toContain('when it was counted');
  });

  it.each([
    ['without tracks', []],
    ['with a track without samples', [track('video', 1000, [], [0, 100])]],
    ['that shows nothing', [track('video', 1000, [run(0, tableOf([row(1)], [40], [1]))], [0, 0])]],
  ])('refuses a movie %s', (_, tracks) => {
    expect(refusalOf(() => layOutMovie({ ...twoObjects(), tracks })).code).toBe('InternalError');
  });
});
