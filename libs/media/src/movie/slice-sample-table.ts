import { ExportError } from '@clipmesh/errors';
import type { SampleTable } from './sample-table';

/** Samples `[first, first + count)` of a table. Columns are views of the table's own; only chunks are made anew. */
export function sliceSampleTable(table: SampleTable, first: number, count: number): SampleTable {
  const end = first + count;
  if (!(first >= 0 && count >= 0 && end <= table.count)) {
    throw new ExportError('InternalError', {
      message: `samples ${first} to ${end} are not in a table of ${table.count}`,
    });
  }
  if (count === table.count) {
    return table;
  }
  return {
    count,
    sizes: table.sizes.subarray(first, end),
    durations: table.durations.subarray(first, end),
    compositionOffsets: table.compositionOffsets.subarray(first, end),
    syncs: table.syncs.subarray(first, end),
    ...sliceChunks(table, first, end),
  };
}

function sliceChunks(
  table: SampleTable,
  first: number,
  end: number,
): Pick<SampleTable, 'chunkOffsets' | 'chunkSampleCounts'> {
  const offsets: number[] = [];
  const counts: number[] = [];
  let chunkFirst = 0;
  for (let chunk = 0; chunk < table.chunkOffsets.length && chunkFirst < end; chunk++) {
    const chunkEnd = chunkFirst + (table.chunkSampleCounts[chunk] ?? 0);
    const from = Math.max(first, chunkFirst);
    const to = Math.min(end, chunkEnd);
    if (from < to) {
      offsets.push((table.chunkOffsets[chunk] ?? 0) + sumOfSizes(table.sizes, chunkFirst, from));
      counts.push(to - from);
    }
    chunkFirst = chunkEnd;
  }
  return { chunkOffsets: Float64Array.from(offsets), chunkSampleCounts: Uint32Array.from(counts) };
}

/** Bytes of samples `[from, to)`. */
export function sumOfSizes(sizes: Uint32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    sum += sizes[i] ?? 0;
  }
  return sum;
}
