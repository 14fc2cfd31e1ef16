import fc from 'fast-check';
import { UNITY_MATRIX } from '../box/matrix';
import { refusalOf } from '../fixture/refusal';
import { avc1Entry } from '../fixture/sample-entries';
import { stored } from '../fixture/stored';
import { tableOf } from '../fixture/table';
import { ticks, wallTime } from '../time/ticks';
import { layOutMovie } from './lay-out-movie';
import type { Movie, SampleRun } from './movie';
import { SampleScratch } from './sample-scratch';
import type { SampleTable } from './sample-table';
import { decodeTrackIndex, decodeTrackSamples, encodeTrackIndex } from './track-codec';
import { describeDifferences } from './verify-laid-out-header';

const DESCRIPTION = {
  kind: 'video',
  timescale: 12_800,
  sampleEntry: avc1Entry(),
  codec: 'avc1.64001f',
  width: 320,
  height: 240,
  matrix: UNITY_MATRIX,
  language: 'und',
} as const;

const row = fc.record({
  size: fc.integer({ min: 1, max: 70_000 }),
  duration: fc.constantFrom(512, 513),
  offset: fc.constantFrom(0, 512, 1536, -512),
  isSync: fc.boolean(),
});
/** Tables of one chunk and of several, longer and shorter in turn. */
const tables = fc.array(
  fc.array(row, { minLength: 1, maxLength: 40 }).map((rows) => {
    const behind = rows.slice(1);
    return behind.length % 2 === 0 ? tableOf(rows) : tableOf(rows, [10, 4_000_000], [rows.length - 1, 1]);
  }),
  { minLength: 1, maxLength: 8 },
);

const packed = (samples: SampleTable): Uint8Array =>
  encodeTrackIndex({ ...DESCRIPTION, decodeStart: ticks(0), samples });

function movieOf(
  all: readonly SampleTable[],
  runOf: (table: SampleTable, object: number) => SampleRun,
): Movie {
  return {
    ranges: all.map((_, object) => ({ object, offset: 0, length: 8_000_000 })),
    tracks: [
      {
        ...DESCRIPTION,
        runs: all.map(runOf),
        presentation: { mediaTime: ticks(0), duration: ticks(512) },
      },
    ],
    createdAt: wallTime(0),
  };
}

describe('a scratch', () => {
  it('holds each table that is read into it as memory of its own would', () => {
    fc.assert(
      fc.property(tables, (all) => {
        const scratch = new SampleScratch();
        for (const bytes of all.map(packed)) {
          const { samples, timescale } = decodeTrackSamples(bytes, scratch);
          expect(samples).toEqual(decodeTrackIndex(bytes).samples);
          expect(timescale).toBe(DESCRIPTION.timescale);
        }
      }),
    );
  });

  it('holds a table rightly behind one that ended early and was refused', () => {
    fc.assert(
      fc.property(tables, fc.nat(), (all, cut) => {
        const scratch = new SampleScratch();
        for (const bytes of all.map(packed)) {
          const short = bytes.subarray(0, cut % bytes.length);
          expect(refusalOf(() => decodeTrackSamples(short, scratch)).kind).toMatch(/corrupt|unsupported/);
          expect(decodeTrackSamples(bytes, scratch).samples).toEqual(decodeTrackIndex(bytes).samples);
        }
      }),
    );
  });

  it('gives the same file as tables that are kept, and the check finds it so', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (all) => {
        const kept = layOutMovie(movieOf(all, (table, object) => ({ object, readSamples: () => table })));
        const movie = movieOf(all, (table, object) => {
          const bytes = packed(table);
          return { object, readSamples: (scratch) => decodeTrackSamples(bytes, scratch).samples };
        });
        const layout = layOutMovie(movie);
        expect(layout).toEqual(kept);
        const [header] = layout.spans;
        const bytes = header?.kind === 'inline' ? header.bytes : new Uint8Array();
        expect(await describeDifferences(stored(bytes), movie, layout)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('decodeTrackSamples', () => {
  it('takes memory of its own without a scratch', () => {
    const bytes = packed(tableOf([{ size: 7, duration: 512 }]));
    const first = decodeTrackSamples(bytes).samples;
    decodeTrackSamples(bytes).samples.sizes.fill(0);
    expect([...first.sizes]).toEqual([7]);
  });
});
