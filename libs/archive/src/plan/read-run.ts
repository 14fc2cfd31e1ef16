import {
  decodeTrackIndex,
  rescale,
  sliceSampleTable,
  type SampleTable,
  type TrackIndex,
} from '@clipmesh/media';
import type { PlanRun, PlanTrack } from './movie-plan';

/** The samples of a run as the output has them: cut, in the timescale of the plan's track, the last as long as planned. */
export function readRun(run: PlanRun, track: Pick<PlanTrack, 'timescale'>): SampleTable {
  const source: TrackIndex = decodeTrackIndex(run.track);
  const table = sliceSampleTable(source.samples, run.firstSample, run.sampleCount);
  const scaled =
    source.timescale === track.timescale
      ? { durations: table.durations.slice(), compositionOffsets: table.compositionOffsets }
      : rescaleTimes(table, source.timescale, track.timescale);
  scaled.durations[run.sampleCount - 1] = run.lastDuration;
  return { ...table, ...scaled };
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
