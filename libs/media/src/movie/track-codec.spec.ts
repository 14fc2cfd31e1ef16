import { ExportError } from '@clipmesh/errors';
import fc from 'fast-check';
import { UNITY_MATRIX } from '../box/matrix';
import { refusalOf } from '../fixture/refusal';
import { avc1Entry } from '../fixture/sample-entries';
import { tableOf } from '../fixture/table';
import { ticks } from '../time/ticks';
import type { SampleTable } from './sample-table';
import type { TrackIndex } from './track';
import { decodeTrackIndex, encodeTrackIndex } from './track-codec';

function trackOf(samples: SampleTable, decodeStart = 0): TrackIndex {
  return {
    kind: 'video',
    timescale: 90_000,
    sampleEntry: avc1Entry(),
    codec: 'avc1.64001f',
    width: 1280,
    height: 720,
    matrix: [0, 65_536, 0, -65_536, 0, 0, 0, 0, 0x40000000],
    language: 'deu',
    decodeStart: ticks(decodeStart),
    samples,
  };
}

const SMALL = trackOf(
  tableOf(
    [
      { size: 900, duration: 3000, offset: 6000 },
      { size: 20, duration: 3000, offset: -3000, isSync: false },
      { size: 4_294_967_295, duration: 4_294_967_295, offset: -2_147_483_648 },
    ],
    [2 ** 50, 48],
    [1, 2],
  ),
  -(2 ** 51),
);

describe('the compact form of a track index', () => {
  it('gives back what was put in', () => {
    expect(decodeTrackIndex(encodeTrackIndex(SMALL))).toEqual(SMALL);
    const empty = trackOf(tableOf([]));
    expect(decodeTrackIndex(encodeTrackIndex({ ...empty, matrix: UNITY_MATRIX }))).toMatchObject({
      samples: empty.samples,
    });
  });

  it('gives back any table', () => {
    const row = fc.record({
      size: fc.oneof(fc.nat(40), fc.nat(0xffff_ffff)),
      duration: fc.oneof(fc.constant(3000), fc.nat(0xffff_ffff)),
      offset: fc.oneof(fc.constantFrom(0, 3000, 6000, -3000), fc.integer()),
      isSync: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(row, { minLength: 1 })), fc.nat(2 ** 40), (chunks, base) => {
        const offsets = chunks.map((_, i) => (base * (i + 7)) % 2 ** 50);
        const track = trackOf(
          tableOf(
            chunks.flat(),
            offsets,
            chunks.map((chunk) => chunk.length),
          ),
          base,
        );
        expect(decodeTrackIndex(encodeTrackIndex(track))).toEqual(track);
      }),
    );
  });

  it('takes 2 to 4 bytes a sample for video with B-frames, and for sound', () => {
    const frames = Array.from({ length: 9000 }, (_, i) => ({
      size: i % 50 === 0 ? 90_000 + ((i * 7919) % 5000) : 2000 + ((i * 7919) % 14_000),
      duration: 512,
      offset: [1024, 2560, 1024, 0, 512][i % 5]!,
      isSync: i % 50 === 0,
    }));
    const video = trackOf(
      tableOf(
        frames,
        frames.flatMap((_, i) => (i % 25 ? [] : [i * 9000])),
        Array<number>(360).fill(25),
      ),
    );
    const sounds = Array.from({ length: 9000 }, (_, i) => ({
      size: 340 + ((i * 7919) % 60),
      duration: 1024,
    }));
    const overhead = encodeTrackIndex(trackOf(tableOf([]))).length;
    expect((encodeTrackIndex(video).length - overhead) / 9000).toBeLessThan(3.3);
    expect((encodeTrackIndex(trackOf(tableOf(sounds))).length - overhead) / 9000).toBeLessThan(2);
  });

  it('leaves the work of a newer release unharmed', () => {
    const newer = encodeTrackIndex(SMALL);
    newer[0] = 2;
    expect(refusalOf(() => decodeTrackIndex(newer)).code).toBe('FormatUnsupported');
  });

  it('refuses a count that its bytes cannot hold before it makes room for it', () => {
    const empty = Buffer.from(encodeTrackIndex(trackOf(tableOf([]))));
    // Behind the description: 2^24 samples, then sizes in plain form with a unit of 1.
    const description = empty.subarray(0, empty.length - 15);
    const hostile = Buffer.concat([description, Buffer.from([0x80, 0x80, 0x80, 0x01, 0, 1, 9, 9])]);
    expect(refusalOf(() => decodeTrackIndex(hostile)).message).toContain('claims 2097152 values in 2 bytes');
  });

  it('refuses every beginning of itself, and bytes behind its end', () => {
    const bytes = encodeTrackIndex(SMALL);
    for (let length = 0; length < bytes.length; length++) {
      expect(refusalOf(() => decodeTrackIndex(bytes.subarray(0, length))).code).toBe('SegmentCorrupt');
    }
    expect(refusalOf(() => decodeTrackIndex(Uint8Array.of(...bytes, 0))).message).toContain('longer');
  });

  it('gives a table or a refusal for any bytes', () => {
    const seed = encodeTrackIndex(SMALL);
    const change = fc.record({ at: fc.nat(seed.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const bytes = seed.slice();
        changes.forEach(({ at, byte }) => {
          bytes[at] = byte;
        });
        try {
          const { samples } = decodeTrackIndex(bytes);
          expect(samples.chunkSampleCounts.reduce((sum, count) => sum + count, 0)).toBe(samples.count);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(ExportError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
