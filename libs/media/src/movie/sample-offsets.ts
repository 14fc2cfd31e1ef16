import type { SampleTable } from './sample-table';
import { sumOfSizes } from './slice-sample-table';

/** Consecutive bytes of an object. */
export interface ByteSpan {
  readonly offset: number;
  readonly length: number;
}

/** Byte offset of every sample in its object. */
export function sampleOffsets(table: SampleTable): Float64Array {
  const offsets = new Float64Array(table.count);
  let sample = 0;
  for (let chunk = 0; chunk < table.chunkOffsets.length; chunk++) {
    let at = table.chunkOffsets[chunk] ?? 0;
    const end = sample + (table.chunkSampleCounts[chunk] ?? 0);
    for (; sample < end; sample++) {
      offsets[sample] = at;
      at += table.sizes[sample] ?? 0;
    }
  }
  return offsets;
}

/** The bytes that the samples take, in decode order, joined where they touch. */
export function byteSpans(table: SampleTable): readonly ByteSpan[] {
  const spans: { offset: number; length: number }[] = [];
  let sample = 0;
  for (let chunk = 0; chunk < table.chunkOffsets.length; chunk++) {
    const offset = table.chunkOffsets[chunk] ?? 0;
    const end = sample + (table.chunkSampleCounts[chunk] ?? 0);
    const length = sumOfSizes(table.sizes, sample, end);
    const last = spans.at(-1);
    if (last !== undefined && last.offset + last.length === offset) {
      last.length += length;
    } else {
      spans.push({ offset, length });
    }
    sample = end;
  }
  return spans;
}
