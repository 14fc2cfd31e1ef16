import { sampleOffsets, type MediaRange, type SampleTable } from '@clipmesh/media';
import { leafEnds } from '../index/packed-leaves';

/** Bytes of an object with the time, in seconds of the movie, at which the first of them is wanted. */
export interface TimedRange {
  readonly seconds: number;
  readonly object: number;
  readonly offset: number;
  readonly length: number;
}

export interface TimedSamples {
  readonly object: number;
  readonly packedLeaves: Uint8Array;
  readonly samples: SampleTable;
  /** `[from, to)` of them are taken. */
  readonly from: number;
  readonly to: number;
  /** When a sample is wanted. */
  readonly secondsOf: (sample: number) => number;
}

/** The leaves that hold the samples. Those that hold none, such as headers, are left out. */
export function timedRanges({
  object,
  packedLeaves,
  samples,
  from,
  to,
  secondsOf,
}: TimedSamples): TimedRange[] {
  const ends = leafEnds(packedLeaves);
  const found = new Map<number, TimedRange>();
  let leaf = 0;
  let sample = 0;
  for (const offset of sampleOffsets(samples)) {
    if (sample >= from && sample < to && (samples.sizes[sample] ?? 0) > 0) {
      leaf = leafAt(ends, leaf, offset);
      if (!found.has(leaf)) {
        const start = ends[leaf - 1] ?? 0;
        const length = (ends[leaf] ?? start) - start;
        found.set(leaf, { seconds: secondsOf(sample), object, offset: start, length });
      }
    }
    sample++;
  }
  return [...found.values()];
}

/** The leaf of a byte, looked for from the last one found: samples lie nearly always in their order. */
function leafAt(ends: Float64Array, last: number, byte: number): number {
  let leaf = (ends[last - 1] ?? 0) <= byte ? last : 0;
  while ((ends[leaf] ?? Infinity) <= byte) {
    leaf++;
  }
  return leaf;
}

/** In the order in which a player wants them, so that it need not jump about in the file. */
export function interleave(ranges: readonly TimedRange[]): MediaRange[] {
  const ordered = [...ranges].sort((a, b) => a.seconds - b.seconds);
  const merged: { object: number; offset: number; length: number }[] = [];
  for (const { object, offset, length } of ordered) {
    const last = merged.at(-1);
    if (last?.object === object && last.offset + last.length === offset) {
      last.length += length;
    } else {
      merged.push({ object, offset, length });
    }
  }
  return merged;
}
