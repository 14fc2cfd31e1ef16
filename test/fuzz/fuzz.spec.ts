import { mutate } from './mutate';
import { Random } from './random';
import { bytesOfRun, runOnce, tryBytes } from './fuzz';
import { makeTargets } from './targets';

/** A fixed budget of what `npm run fuzz` does for as long as one likes. */
const RUNS = 1500;
const SEED = 1;
const targets = makeTargets().map((target) => [target.name, target] as const);

describe('any bytes give a value or a refusal, within bounds of memory', () => {
  it.each(targets)('for a %s', (_, target) => {
    const counts = { value: 0, refusal: 0 };
    for (let run = 0; run < RUNS; run++) {
      counts[runOnce(target, SEED, run)]++;
    }
    // Both are reached: mutation is neither toothless nor blunt.
    expect(Math.min(counts.value, counts.refusal)).toBeGreaterThan(RUNS / 100);
  });

  it.each(targets)('for every beginning of a %s', (_, target) => {
    const outcomes = new Set<string>();
    for (const seed of target.seeds) {
      for (let length = 0; length < seed.length; length++) {
        const outcome = tryBytes(target, seed.subarray(0, length), new Random(length));
        outcomes.add(outcome);
      }
    }
    expect(outcomes).toContain('refusal');
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
          outcomes.add(tryBytes(recording, bytes, new Random(at)));
        }
      }
    }
    expect([...outcomes].sort()).toEqual(['refusal', 'value']);
  });

  it('and a run comes again with its numbers', () => {
    const [target] = makeTargets();
    expect(bytesOfRun(target!, 7, 42).bytes).toEqual(bytesOfRun(target!, 7, 42).bytes);
    const random = new Random(1);
    expect(mutate(target!.seeds[0], random)).not.toEqual(target!.seeds[0]);
  });
});
