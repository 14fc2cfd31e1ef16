import { UNITY_MATRIX } from '../box/matrix';
import { indexBytes } from '../fixture/index-bytes';
import { refusalOf } from '../fixture/refusal';
import { stored } from '../fixture/stored';
import { avc1Entry } from '../fixture/sample-entries';
import { tableOf } from '../fixture/table';
import { ticks, wallTime } from '../time/ticks';
import { layOutMovie } from './lay-out-movie';
import type { ByteRange, InlineRange, MediaRange, Movie } from './movie';
import { sampleOffsets } from './sample-offsets';
import type { SampleTable } from './sample-table';
import { describeDifferences } from './verify-laid-out-header';

/** Parameter sets in band: bytes of our own that belong to the sync samples which they stand before. */

const PREFIX_BYTES = 8;
const range = (object: number, offset: number, length: number): ByteRange => ({ object, offset, length });
const sets = (length: number): InlineRange => ({ inline: new Uint8Array(length).fill(7) });
const picture = (size: number, isSync: boolean) => ({ size, duration: 100, isSync });
/** Bytes 30 to 45 and 45 to 70 of object 0. */
const GOPS = tableOf([picture(10, true), picture(5, false), picture(20, true), picture(5, false)], [30], [4]);

function movieOf(ranges: readonly MediaRange[]): Movie {
  return {
    ranges,
    createdAt: wallTime(0),
    tracks: [
      {
        kind: 'video',
        timescale: 1000,
        runs: [{ object: 0, readSamples: () => GOPS, syncPrefixBytes: PREFIX_BYTES }],
        presentation: { mediaTime: ticks(0), duration: ticks(400) },
        sampleEntry: avc1Entry(),
        codec: 'avc1.64001f',
        width: 320,
        height: 240,
        matrix: UNITY_MATRIX,
        language: 'und',
      },
    ],
  };
}

/** What a reader finds in the file; media bytes are zeros. */
function found(movie: Movie): { readonly samples: SampleTable; readonly inMdat: readonly number[] } {
  const { spans, headerBytes } = layOutMovie(movie);
  const bytes = spans.map((span) => (span.kind === 'inline' ? span.bytes : Buffer.alloc(span.length)));
  const [video] = indexBytes(Buffer.concat(bytes)).tracks;
  const inMdat = [...sampleOffsets(video!.samples)].map((offset) => offset - headerBytes);
  return { samples: video!.samples, inMdat };
}

const IN_PLACE = [range(1, 0, 3), sets(8), range(0, 30, 15), sets(8), range(0, 45, 25)];

it('count among the bytes of their samples', () => {
  const { samples, inMdat } = found(movieOf(IN_PLACE));
  expect([...samples.sizes]).toEqual([18, 5, 28, 5]);
  expect(inMdat).toEqual([3, 21, 26, 54]);
});

it('lie between the ranges of objects', () => {
  const { spans } = layOutMovie(movieOf(IN_PLACE));
  expect(spans.slice(1)).toEqual([
    { kind: 'object', ...range(1, 0, 3) },
    { kind: 'inline', bytes: sets(8).inline },
    { kind: 'object', ...range(0, 30, 15) },
    { kind: 'inline', bytes: sets(8).inline },
    { kind: 'object', ...range(0, 45, 25) },
  ]);
});

it('are found where the object stands in the movie once more without them', () => {
  const { inMdat } = found(movieOf([range(0, 0, 70), ...IN_PLACE]));
  expect(inMdat).toEqual([73, 91, 96, 124]);
});

it('are asked for when a file is held against its movie', async () => {
  const movie = movieOf(IN_PLACE);
  const layout = layOutMovie(movie);
  const [header] = layout.spans;
  const read = stored(header?.kind === 'inline' ? header.bytes : new Uint8Array());
  expect(await describeDifferences(read, movie, layout)).toEqual([]);
  const others = [range(1, 0, 3), range(2, 0, 8), range(0, 30, 15), sets(8), range(0, 45, 25)];
  expect(await describeDifferences(read, movieOf(others), layout)).toEqual([
    expect.stringContaining('sample 1 lacks the 8 bytes before it'),
  ]);
});

it.each([
  ['are missing', [sets(8), range(0, 30, 40)]],
  ['have another length', [sets(8), range(0, 30, 15), sets(7), range(0, 45, 25)]],
  ['stand elsewhere', [sets(8), range(0, 30, 20), sets(8), range(0, 50, 20)]],
  ['stand before another object', [sets(8), range(1, 0, 9), range(0, 30, 15), sets(8), range(0, 45, 25)]],
])('are refused when they %s', (_, ranges) => {
  expect(refusalOf(() => layOutMovie(movieOf(ranges))).code).toBe('InternalError');
});
