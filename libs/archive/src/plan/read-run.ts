import {
  decodeTrackSamples,
  rescale,
  sliceSampleTable,
  type SampleScratch,
  type SampleTable,
} from '@clipmesh/media';
import type { PlanRun, PlanTrack } from './movie-plan';

/**
 * The samples of a run as the output has them: cut, in the timescale of the plan's track, the last as long as planned. With a
 * scratch the table is good until the next one is read into it.
 */
export function readRun(
  run: PlanRun,
  track: Pick<PlanTrack, 'timescale'>,
  scratch?: SampleScratch,
): SampleTable {
  const { samples, timescale } = decodeTrackSamples(run.track, scratch);
  const taken = sliceSampleTable(samples, run.firstSample, run.sampleCount);
  const table = skipSamples(taken, run.skippedSamples ?? 0);
  const scaled =
    timescale === track.timescale ? table : { ...table, ...rescaleTimes(table, timescale, track.timescale) };
  scaled.durations[table.count - 1] = run.lastDuration; // decoded just now: our own
  return scaled;
}

/** A table without so many samples behind its first, which lasts as long as they did: other times stay what they are. */
export function skipSamples(table: SampleTable, skipped: number): SampleTable {
  if (skipped === 0) {
    return table;
  }
  const first = sliceSampleTable(table, 0, 1);
  const rest = sliceSampleTable(table, 1 + skipped, table.count - 1 - skipped);
  const lasts = table.durations.subarray(0, 1 + skipped).reduce((sum, duration) => sum + duration, 0);
  return {
    count: table.count - skipped,
    sizes: Uint32Array.from([...first.sizes, ...rest.sizes]),
    durations: Uint32Array.from([lasts, ...rest.durations]),
    compositionOffsets: Int32Array.from([...first.compositionOffsets, ...rest.compositionOffsets]),
    syncs: Uint8Array.from([...first.syncs, ...rest.syncs]),
    chunkOffsets: Float64Array.from([...first.chunkOffsets, ...rest.chunkOffsets]),
    chunkSampleCounts: Uint32Array.from([...first.chunkSampleCounts, ...rest.chunkSampleCounts]),
  };
}

/** Durations are differences of rescaled decode times, so that rounding does not add up. */
function rescaleTimes(
  table: SampleTable,
  from: number,
  to: number,
): Pick<SampleTable, 'durations' | 'compositionOffsets'> {
  const durations = new Uint32Array(table.count);
  let decode = 0;
  let rescaled = 0;
  for (let i = 0; i < table.count; i++) {
    decode += table.durations[i] ?? 0;
    const next = rescale(decode, from, to, 'round');
    durations[i] = next - rescaled;
    rescaled = next;
  }
  const compositionOffsets = table.compositionOffsets.map((offset) => rescale(offset, from, to, 'round'));
  return { durations, compositionOffsets };
}
