import { UNITY_MATRIX } from '../box/matrix';
import { avc1Entry } from '../fixture/sample-entries';
import { refusalOf } from '../fixture/refusal';
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

const plusOne = (word: number): number => word + 1;

it('finds nothing wrong with what was laid out', () => {
  expect(describeDifferences(HEADER, MOVIE, LAYOUT)).toEqual([]);
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
])('finds %s', (_, type, at, change, difference) => {
  const changed = withWord(type, at, change);
  expect(describeDifferences(changed, MOVIE, LAYOUT).join('\n')).toMatch(difference);
  expect(
    refusalOf(() => {
      verifyLaidOutHeader(changed, MOVIE, LAYOUT);
    }).code,
  ).toBe('OutputInvalid');
});

it('finds samples that were planned and are not there, and the other way round', () => {
  const [track] = MOVIE.tracks;
  const more = { ...MOVIE, tracks: [{ ...track!, runs: [...track!.runs, ...track!.runs] }] };
  const fewer = { ...MOVIE, tracks: [{ ...track!, runs: [] }] };
  expect(describeDifferences(HEADER, more, LAYOUT).join()).toContain(
    'there are 3 samples, planned were more',
  );
  expect(describeDifferences(HEADER, fewer, LAYOUT).join()).toContain('there are 3 samples, planned were 0');
  expect(describeDifferences(HEADER, { ...MOVIE, tracks: [] }, LAYOUT).join()).toContain(
    'there are 1 tracks',
  );
});

it('notices any bit that was flipped in a sample table', () => {
  // Flags (three bytes behind type and version) mean nothing in these boxes; either version of ctts says the same here.
  const silent = ['stts', 'ctts', 'stss', 'stsc', 'stsz', 'stco'].flatMap((type) =>
    (type === 'ctts' ? [4, 5, 6, 7] : [5, 6, 7]).map((at) => HEADER.indexOf(type) + at),
  );
  for (let at = HEADER.indexOf('stts') - 4; at < HEADER.indexOf('mdat') - 4; at++) {
    const flipped = Buffer.from(HEADER);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    expect([at, describeDifferences(flipped, MOVIE, LAYOUT).length > 0]).toEqual([at, !silent.includes(at)]);
  }
});

it('finds a header of another length', () => {
  expect(describeDifferences(HEADER.subarray(0, -1), MOVIE, LAYOUT)).not.toEqual([]);
});
