import { sliceSampleTable, ticks, wallTime, type SampleTable } from '@clipmesh/media';
import { leadingSamples } from './leading-samples';
import type { PlanRun, PlanTrack } from './movie-plan';
import { RunReader, type OpenedRun } from './opened-run';
import { skipSamples } from './read-run';

/** Runs of a track that are left when it is cut to a stretch of its own output timeline. */
export interface CutTrack {
  /** Decode times as in the whole plan. */
  readonly runs: readonly PlanRun[];
  /** The first and the last of them, which may be cut, with their samples. */
  readonly cut: readonly CutRun[];
  readonly decodeStart: number;
  readonly presentationStart: number;
  readonly presentationEnd: number;
}

export interface CutRun {
  readonly run: PlanRun;
  readonly table: SampleTable;
}

/** A sample of an opened run. */
interface Place {
  readonly opened: OpenedRun;
  readonly sample: number;
}

/**
 * Cuts a track to what showing `[from, to)` needs: from the sync sample before the first frame up to the last sample, in
 * decode order, that is shown before the end. `undefined` when that is nothing.
 */
export function cutTrack(track: PlanTrack, from: number, to: number): CutTrack | undefined {
  const reader = new RunReader(track);
  const candidates = reader.candidates(from, to);
  const first = findMapped(candidates, (number) => firstNeeded(reader, number, from, to));
  const last = findMapped([...candidates].reverse(), (number) => lastNeeded(reader.open(number), to));
  if (first === undefined || last === undefined) {
    return undefined;
  }
  const end = last.sample + 1;
  if (first.opened.number === last.opened.number) {
    return end > first.sample ? join([cutRun(track, first.opened, first.sample, end, true)], []) : undefined;
  }
  const head = cutRun(track, first.opened, first.sample, first.opened.table.count, true);
  const tail = cutRun(track, last.opened, 0, end, false);
  return join([head, tail], track.runs.slice(first.opened.number + 1, last.opened.number));
}

function findMapped<T, R>(items: readonly T[], map: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const mapped = map(item);
    if (mapped !== undefined) {
      return mapped;
    }
  }
  return undefined;
}

/** The sync sample before the run's first frame at or behind `from`; of sound, the sample that sounds at `from`. */
function firstNeeded(reader: RunReader, number: number, from: number, to: number): Place | undefined {
  const opened = reader.open(number);
  if (opened === undefined) {
    return undefined;
  }
  const { presentation, table } = opened;
  let first = Infinity;
  for (let i = 0; i < presentation.length; i++) {
    const time = presentation[i] ?? 0;
    if (time + (table.durations[i] ?? 0) > from && time < first) {
      first = time;
    }
  }
  if (first >= to) {
    return undefined;
  }
  const sync = lastSyncUpTo(opened, first);
  // A picture that leads the run's first sync sample needs the GOP before, in the run before.
  const before = sync < 0 ? reader.open(number - 1) : undefined;
  return before === undefined
    ? { opened, sample: Math.max(0, sync) }
    : { opened: before, sample: Math.max(0, lastSyncUpTo(before, Infinity)) };
}

/** The last sync sample that is shown no later; -1 when none is. */
function lastSyncUpTo({ presentation, table }: OpenedRun, time: number): number {
  return presentation.findLastIndex((shown, i) => table.syncs[i] === 1 && shown <= time);
}

function lastNeeded(opened: OpenedRun | undefined, to: number): Place | undefined {
  const sample = opened?.presentation.findLastIndex((time) => time < to) ?? -1;
  return opened === undefined || sample < 0 ? undefined : { opened, sample };
}

interface CutSpan extends CutRun {
  readonly decodeStart: number;
  readonly presentationStart: number;
  readonly presentationEnd: number;
}

/** Samples `[from, to)` of a run; `isHead` when nothing comes before them any more. */
export function cutRun(
  track: PlanTrack,
  opened: OpenedRun,
  from: number,
  to: number,
  isHead: boolean,
): CutSpan {
  const { run, decode, presentation } = opened;
  // What leads the first sync sample refers to a GOP that is cut away. Of sound nothing leads.
  const leading = isHead ? leadingSamples(presentation, from, to) : 0;
  const table = skipSamples(sliceSampleTable(opened.table, from, to - from), leading);
  const { skippedSamples: skippedBefore = 0, ...rest } = run;
  const skippedSamples = leading + (from === 0 ? skippedBefore : 0);
  const shown = presentation.filter((_, i) => i === from || (i > from + leading && i < to));
  const presentationStart = earliest(shown);
  const movedMs = ((presentationStart - earliest(presentation)) * 1000) / track.timescale;
  return {
    run: {
      ...rest,
      ...(skippedSamples === 0 ? {} : { skippedSamples }),
      wallStartMs: wallTime(run.wallStartMs + Math.floor(movedMs)),
      decodeStart: ticks(decode[from] ?? 0),
      firstSample: run.firstSample + from + (from === 0 ? 0 : skippedBefore),
      sampleCount: to - from + (from === 0 ? skippedBefore : 0),
      lastDuration: ticks(table.durations[table.count - 1] ?? 0),
    },
    table,
    decodeStart: decode[from] ?? 0,
    presentationStart,
    presentationEnd: endOf(opened, from, to),
  };
}

function endOf({ presentation, table }: OpenedRun, from: number, to: number): number {
  return presentation
    .subarray(from, to)
    .reduce((end, time, i) => Math.max(end, time + (table.durations[from + i] ?? 0)), -Infinity);
}

function join(cut: readonly CutSpan[], between: readonly PlanRun[]): CutTrack | undefined {
  const [head] = cut;
  const tail = cut.at(-1);
  if (head === undefined || tail === undefined) {
    return undefined;
  }
  return {
    runs: cut.length === 1 ? [head.run] : [head.run, ...between, tail.run],
    cut,
    decodeStart: head.decodeStart,
    presentationStart: head.presentationStart,
    presentationEnd: tail.presentationEnd,
  };
}

function earliest(times: Float64Array): number {
  return times.reduce((first, time) => Math.min(first, time), Infinity);
}
