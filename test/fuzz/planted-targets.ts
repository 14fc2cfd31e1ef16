import type { FuzzTarget } from './targets';

/** Readers with the bugs that fuzzing is to find, for the test that it does. */
const BEGIN = 40;

function planted(name: string, read: (first: number) => void): FuzzTarget {
  return {
    ...{ name, seeds: [Buffer.from([0, 0, 0, 0])], refusals: /^SegmentCorrupt$/ },
    ...{ isEarly: () => false, memory: { fixedBytes: 1_000_000, bytesPerByte: 0 } },
    mutate: (_, random) => Buffer.from([random.below(BEGIN + 1)]),
    read: (bytes) => {
      if (bytes[0] === BEGIN) {
        read(bytes.length);
      }
    },
  };
}

export function makeTargets(): readonly FuzzTarget[] {
  return [
    planted('hang', (length) => {
      while (length > 0);
    }),
    planted('range', () => Buffer.alloc(1).readUInt32BE(1)),
    planted('buffers', () => new Float64Array(1_000_000)),
    planted('heap', () => {
      for (const kept: number[][] = []; ;) {
        kept.push(Array.from({ length: 1000 }, (_, i) => i + 0.5));
      }
    }),
    planted('exit', () => process.exit(0)),
    planted('nothing', () => undefined),
  ];
}
