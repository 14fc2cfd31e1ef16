import { ticks, type Ticks } from '../time/ticks';
import type { SampleTable } from './sample-table';

/** A stretch of a track's own time, half-open. */
export interface TickSpan {
  readonly start: Ticks;
  readonly end: Ticks;
}

/** Ticks from the decode time of the table's first sample to the end of its last. */
export function totalDuration(table: SampleTable): Ticks {
  let total = 0;
  for (let i = 0; i < table.count; i++) {
    total += table.durations[i] ?? 0;
  }
  return ticks(total);
}

/** Decode time of every sample, from the table's first. */
export function decodeTimes(table: SampleTable): Float64Array {
  const times = new Float64Array(table.count);
  let at = 0;
  for (let i = 0; i < table.count; i++) {
    times[i] = at;
    at += table.durations[i] ?? 0;
  }
  return times;
}

/** From the earliest presentation time to the latest end of one, both from the table's first decode time. */
export function presentationSpan(table: SampleTable): TickSpan {
  let start = Infinity;
  let end = -Infinity;
  let at = 0;
  for (let i = 0; i < table.count; i++) {
    const shown = at + (table.compositionOffsets[i] ?? 0);
    const duration = table.durations[i] ?? 0;
    start = Math.min(start, shown);
    end = Math.max(end, shown + duration);
    at += duration;
  }
  return table.count === 0 ? { start: ticks(0), end: ticks(0) } : { start: ticks(start), end: ticks(end) };
}
