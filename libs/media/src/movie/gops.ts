import type { Ticks } from '../time/ticks';
import type { SampleTable } from './sample-table';

/** Numbers (from 0) of the samples that decoding can start at. */
export function gopStarts(table: SampleTable): Uint32Array {
  const starts = new Uint32Array(table.syncs.reduce((sum, isSync) => sum + isSync, 0));
  let found = 0;
  for (let i = 0; i < table.count; i++) {
    if (table.syncs[i] === 1) {
      starts[found++] = i;
    }
  }
  return starts;
}

/**
 * The sync sample to start decoding at so that what is shown at `time` can be shown: the last one whose own
 * presentation is not later. A picture that leads a sync sample (open GOP) is shown before it and belongs to
 * the GOP before, so presentation times are compared. `time` counts from the table's first decode time.
 * `undefined` when even the first sync sample is shown later.
 */
export function syncSampleAtOrBefore(table: SampleTable, time: Ticks): number | undefined {
  let best: number | undefined;
  let decodeTime = 0;
  for (let i = 0; i < table.count; i++) {
    if (table.syncs[i] === 1 && decodeTime + (table.compositionOffsets[i] ?? 0) <= time) {
      best = i;
    }
    decodeTime += table.durations[i] ?? 0;
  }
  return best;
}

/** The first sync sample that is shown at `time` or later, `undefined` when none is. */
export function syncSampleAtOrAfter(table: SampleTable, time: Ticks): number | undefined {
  let decodeTime = 0;
  for (let i = 0; i < table.count; i++) {
    if (table.syncs[i] === 1 && decodeTime + (table.compositionOffsets[i] ?? 0) >= time) {
      return i;
    }
    decodeTime += table.durations[i] ?? 0;
  }
  return undefined;
}

/**
 * How many samples from the table's first, in decode order, are needed to show every frame before `time`:
 * up to and with the last one that is shown before it. References of that one come earlier in decode order.
 */
export function samplesNeededBefore(table: SampleTable, time: Ticks): number {
  let needed = 0;
  let decodeTime = 0;
  for (let i = 0; i < table.count; i++) {
    if (decodeTime + (table.compositionOffsets[i] ?? 0) < time) {
      needed = i + 1;
    }
    decodeTime += table.durations[i] ?? 0;
  }
  return needed;
}
