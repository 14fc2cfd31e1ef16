import { Random } from './random';
import { BufferCount } from './counted-buffers';
import { encodeTrackIndex, ticks, type TrackIndex } from '@clipmesh/media';
import { bufferBound, bytesOfRun, runOnce, tryBytes } from './fuzz';
import { makeTargets } from './targets';

/** A fixed budget of what `npm run fuzz` does for as long as one likes. */
const RUNS = 600;
const SEED = 1;
const targets = makeTargets().map((target) => [target.name, target] as const);

let count: BufferCount;

beforeAll(() => {
  count = new BufferCount();
});
afterAll(() => {
  count.stop();
});

describe('any bytes give a value or a refusal, within bounds of memory', () => {
  it.each(targets)('for a %s', (_, target) => {
    const counts = { value: 0, refusal: 0, 'early refusal': 0 };
    for (let run = 0; run < RUNS; run++) {
      counts[runOnce(target, SEED, run, count).outcome]++;
    }
    // All are reached: mutation is neither toothless nor blunt.
    expect(counts.value).toBeGreaterThan(RUNS / 100);
    expect(counts['early refusal']).toBeGreaterThan(RUNS / 100);
    expect(counts.value + counts.refusal).toBeGreaterThan(RUNS / 2);
  });

  // What reads the same bytes with another end refuses the same beginnings.
  const readers = targets.filter(([name]) => name !== 'export' && name !== 'planned file');

  it.each(readers)('for every beginning of a %s', (_, target) => {
    const outcomes = new Set<string>();
    for (const seed of target.seeds) {
      for (let length = 0; length < seed.length; length++) {
        outcomes.add(tryBytes(target, seed.subarray(0, length), new Random(length), count).outcome);
      }
    }
    expect([...outcomes].filter((outcome) => outcome !== 'value')).not.toEqual([]);
  });

  it('for a recording with any word of its boxes set to an extreme', () => {
    const recording = targets[0]![1];
    const outcomes = new Set<string>();
    // In fragments: with a run for each sample, and with defaults for all.
    for (const seed of [recording.seeds[0], ...recording.seeds.slice(-1)]) {
      for (let at = 0; at < seed.length - 4 && seed.toString('latin1', at, at + 4) !== 'mdat'; at += 4) {
        for (const word of [0x7fff_ffff, 0xffff_ffff]) {
          const bytes = Buffer.from(seed);
          bytes.writeUInt32BE(word, at);
          outcomes.add(tryBytes(recording, bytes, new Random(at), count).outcome);
        }
      }
    }
    expect([...outcomes].sort()).toEqual(['early refusal', 'refusal', 'value']);
  });

  it('for a few bytes that promise as many samples as an object may have', () => {
    const trackIndex = targets.find(([name]) => name === 'track index')![1];
    const bytes = Buffer.from(encodeTrackIndex(aTrackOf(MOST_SAMPLES)));
    const { outcome, bufferBytes } = tryBytes(trackIndex, bytes, new Random(1), count);
    expect({ outcome, isSmall: bytes.length < 1000 }).toEqual({ outcome: 'value', isSmall: true });
    // The bound is met, and not far off.
    expect(bufferBytes).toBeGreaterThan(bufferBound(trackIndex, bytes.length) / 4);
  });

  it('and a run comes again with its numbers', () => {
    const [target] = makeTargets();
    expect(bytesOfRun(target!, 7, 42).bytes).toEqual(bytesOfRun(target!, 7, 42).bytes);
    expect(bytesOfRun(target!, 7, 42).bytes).not.toEqual(bytesOfRun(target!, 7, 43).bytes);
  });
});

const MOST_SAMPLES = 2 * 1024 * 1024;

/** Of samples that are all alike. */
function aTrackOf(count: number): TrackIndex {
  return {
    ...{ kind: 'audio', timescale: 8000, sampleEntry: new Uint8Array(8), codec: 'alaw', width: 0, height: 0 },
    ...{ matrix: [65_536, 0, 0, 0, 65_536, 0, 0, 0, 0x4000_0000], language: 'und', decodeStart: ticks(0) },
    samples: {
      count,
      sizes: new Uint32Array(count).fill(1),
      durations: new Uint32Array(count).fill(1),
      compositionOffsets: new Int32Array(count),
      syncs: new Uint8Array(count).fill(1),
      chunkOffsets: Float64Array.of(100),
      chunkSampleCounts: Uint32Array.of(count),
    },
  };
}
