import { UNITY_MATRIX } from '../box/matrix';
import { avc1Entry } from '../fixture/sample-entries';
import { stored } from '../fixture/stored';
import { tableOf } from '../fixture/table';
import { ticks, wallTime } from '../time/ticks';
import { layOutMovie } from './lay-out-movie';
import type { Movie } from './movie';
import { describeDifferences, verifyLaidOutHeader } from './verify-laid-out-header';

const samples = tableOf(
  [
    { size: 9, duration: 100, offset: 100 },
    { size: 5, duration: 100, offset: 100, isSync: false },
    { size: 5, duration: 100, offset: 100 },
  ],
  [20, 50],
  [2, 1],
);
const MOVIE: Movie = {
  ranges: [
    { object: 0, offset: 20, length: 20 },
    { object: 0, offset: 50, length: 9 },
  ],
  createdAt: wallTime(0),
  tracks: [
    {
      kind: 'video',
      timescale: 1000,
      runs: [{ object: 0, readSamples: () => samples }],
      presentation: { mediaTime: ticks(100), duration: ticks(250) },
      sampleEntry: avc1Entry(),
      codec: 'avc1.64001f',
      width: 320,
      height: 240,
      matrix: UNITY_MATRIX,
      language: 'und',
    },
  ],
};
const LAYOUT = layOutMovie(MOVIE);
const HEADER = LAYOUT.spans[0]?.kind === 'inline' ? Buffer.from(LAYOUT.spans[0].bytes) : Buffer.alloc(0);

function withWord(type: string, at: number, change: (word: number) => number): Buffer {
  const bytes = Buffer.from(HEADER);
  const place = bytes.indexOf(type, 0, 'latin1') + 4 + at;
  bytes.writeUInt32BE(change(bytes.readUInt32BE(place)) >>> 0, place);
  return bytes;
}

function differences(header: Uint8Array, movie = MOVIE): Promise<readonly string[]> {
  return describeDifferences(stored(header), movie, LAYOUT);
}

const plusOne = (word: number): number => word + 1;

it('finds nothing wrong with what was laid out', async () => {
  expect(await differences(HEADER)).toEqual([]);
});

// The table's stco, stsz, ... begin with version and flags, then counts: see the files of those boxes.
it.each([
  ['a chunk elsewhere', 'stco', 8, plusOne, /sample 1 is at byte 21 of object 0, planned was byte 20/],
  ['a second chunk elsewhere', 'stco', 12, (w: number) => w - 1, /sample 3 is at byte/],
  ['another size', 'stsz', 12, (w: number) => w - 1, /sample 1: sizes has 8, planned was 9/],
  ['another duration', 'stts', 12, plusOne, /sample 1: durations has 101, planned was 100/],
  ['another composition offset', 'ctts', 12, plusOne, /compositionOffsets has 101/],
  ['another sync sample', 'stss', 12, (w: number) => w - 1, /sample 2: syncs has 1/],
  ['another edit', 'elst', 12, plusOne, /the edit list begins at 101/],
  ['another duration of the edit', 'elst', 8, (w: number) => w + 9, /the edit list lasts 259/],
  ['another duration of the media', 'mdhd', 16, plusOne, /media duration is 301/],
  ['another timescale', 'mdhd', 12, plusOne, /timescale is 1001/],
  ['another width', 'tkhd', 76, (w: number) => w + 65_536, /width is 321/],
  ['another matrix', 'tkhd', 40, plusOne, /matrix is/],
  ['another sample entry', 'avcC', 0, plusOne, /sample entry is another/],
  ['an mdat of another size', 'mdat', -8, plusOne, /mdat ends at byte/],
  ['tables that contradict each other', 'stts', 8, plusOne, /stts box tells of more samples/],
  ['no moov', 'moov', -4, () => 0x66726565, /begins with/],
])('finds %s', async (_, type, at, change, difference) => {
  const changed = withWord(type, at, change);
  expect((await differences(changed)).join('\n')).toMatch(difference);
  await expect(verifyLaidOutHeader(stored(changed), MOVIE, LAYOUT)).rejects.toMatchObject({
    code: 'OutputInvalid',
  });
});

it('finds samples that were planned and are not there, and the other way round', async () => {
  const [track] = MOVIE.tracks;
  const more = { ...MOVIE, tracks: [{ ...track!, runs: [...track!.runs, ...track!.runs] }] };
  const fewer = { ...MOVIE, tracks: [{ ...track!, runs: [] }] };
  expect((await differences(HEADER, more)).join()).toContain('there are 3 samples, planned were more');
  expect((await differences(HEADER, fewer)).join()).toContain('there are 3 samples, planned were 0');
  expect((await differences(HEADER, { ...MOVIE, tracks: [] })).join()).toContain('there are 1 tracks');
});

it('notices any bit that was flipped in a sample table', async () => {
  // Flags (three bytes behind type and version) mean nothing in these boxes; either version of ctts says the same here.
  const silent = ['stts', 'ctts', 'stss', 'stsc', 'stsz', 'stco'].flatMap((type) =>
    (type === 'ctts' ? [4, 5, 6, 7] : [5, 6, 7]).map((at) => HEADER.indexOf(type) + at),
  );
  for (let at = HEADER.indexOf('stts') - 4; at < HEADER.indexOf('mdat') - 4; at++) {
    const flipped = Buffer.from(HEADER);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    expect([at, (await differences(flipped)).length > 0]).toEqual([at, !silent.includes(at)]);
  }
});

it('finds a header of another length', async () => {
  expect(await differences(HEADER.subarray(0, -1))).not.toEqual([]);
});

it.each([
  ['a box that nobody planned', 'udta', 'mvex'],
  ['a second box of a kind', 'ctts', 'stts'],
  ['no times', 'stts', 'skip'],
  ['offsets of two widths', 'stss', 'co64'],
])('finds %s', async (_, type, other) => {
  const titled = { ...MOVIE, title: 'Tor' };
  const layout = layOutMovie(titled);
  const header = Buffer.from((layout.spans[0] as { bytes: Uint8Array }).bytes);
  header.write(other, header.indexOf(type, 0, 'latin1'), 'latin1');
  expect(await describeDifferences(stored(header), titled, layout)).not.toEqual([]);
});

it('walks tables that are larger than its windows', async () => {
  const count = 300_000;
  const long = tableOf(
    Array.from({ length: count }, (_, i) => ({ size: 1 + (i % 7), duration: 1 + (i % 3), offset: i % 5 })),
    Array.from({ length: count }, (_, i) => 10 * i),
    Array.from({ length: count }, () => 1),
  );
  const [track] = MOVIE.tracks;
  const movie: Movie = {
    ...MOVIE,
    ranges: [{ object: 0, offset: 0, length: 10 * count }],
    tracks: [{ ...track!, runs: [{ object: 0, readSamples: () => long }] }],
  };
  const layout = layOutMovie(movie);
  const header = Buffer.from((layout.spans[0] as { bytes: Uint8Array }).bytes);
  let furthest = 0;
  const read = (offset: number, length: number): Promise<Uint8Array> => {
    furthest = Math.max(furthest, length);
    return Promise.resolve(header.subarray(offset, offset + length));
  };
  expect(await describeDifferences(read, movie, layout)).toEqual([]);
  expect(furthest).toBeLessThan(header.length / 4);
  const size = header.indexOf('stsz') + 16 + 4 * 250_000;
  header.writeUInt32BE(9, size);
  expect(await describeDifferences(read, movie, layout)).toEqual([
    expect.stringContaining('sample 250001: sizes has 9'),
  ]);
});
