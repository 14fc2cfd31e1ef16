import { decodeTrackSamples, ticks, type Ticks } from '@clipmesh/media';
import { leadingSamples } from '../plan/leading-samples';
import type { PlanTrack, PlanWindow } from '../plan/movie-plan';
import { RunReader, type OpenedRun } from '../plan/opened-run';

/** Part of a window, in ticks of the plan's first track, half-open. */
export interface CopyableSpan {
  readonly from: Ticks;
  readonly to: Ticks;
  /** Up to here its GOPs are whole: nothing of the archive's bytes beside them is of another instant. */
  readonly wholeTo: Ticks;
}

/** A sample of a run. */
interface Place {
  readonly run: number;
  readonly sample: number;
}

/** A sync sample at which copying may begin. */
interface Entry extends Place {
  readonly time: number;
}

/** The last sample that is copied, and when the first picture is shown that is not: `Infinity` when none follows. */
interface Exit extends Place {
  readonly behind: number;
}

/**
 * The longest stretch of a window whose samples can stand in a file alone, with no picture outside the window beside them:
 * from the first sync sample that no picture leads, as many samples in decode order as are shown without a hole and before
 * the window's end. What the window has before and behind it would have to be encoded; `undefined`: all of it.
 *
 * Opens the runs at both ends of the window only.
 */
export function copyableSpan(track: PlanTrack, { from, to }: PlanWindow): CopyableSpan | undefined {
  const reader = new RunReader(track);
  const numbers = reader.candidates(from, to);
  const entry = firstEntry(reader, numbers, from, to);
  const exit = entry && lastCopied(reader, numbers, entry, to);
  if (entry === undefined || exit === undefined) {
    return undefined;
  }
  const end = Math.min(exit.behind, to);
  const wholeTo = endsGop(reader, exit) ? end : lastEntryTime(reader, numbers, entry, exit);
  return { from: ticks(entry.time), to: ticks(end), wholeTo: ticks(wholeTo) };
}

function firstEntry(
  reader: RunReader,
  numbers: readonly number[],
  from: number,
  to: number,
): Entry | undefined {
  for (const run of numbers) {
    const opened = reader.open(run);
    for (const [sample, time] of opened?.presentation.entries() ?? []) {
      if (opened?.table.syncs[sample] === 1 && time >= from && !isLed(reader, opened, sample)) {
        return time < to ? { run, sample, time } : undefined;
      }
    }
  }
  return undefined;
}

/** Whether pictures lead a sync sample; those of the last sample of a run are in the next. */
function isLed(reader: RunReader, { number, presentation }: OpenedRun, sample: number): boolean {
  if (sample + 1 < presentation.length) {
    return leadingSamples(presentation, sample, presentation.length) > 0;
  }
  const [next = Infinity] = reader.open(number + 1)?.presentation ?? [];
  return next < (presentation[sample] ?? 0);
}

function lastCopied(
  reader: RunReader,
  numbers: readonly number[],
  entry: Entry,
  to: number,
): Exit | undefined {
  let behind = Infinity;
  for (const run of numbers.filter((number) => number >= entry.run).reverse()) {
    const before = latestOf(run > entry.run ? shownFrom(reader, run - 1, entry) : []);
    const shown = shownFrom(reader, run, entry);
    const latest = runningLatest(shown, before);
    for (let i = shown.length - 1; i >= 0; i--) {
      if ((latest[i] ?? 0) < Math.min(to, behind)) {
        return { run, sample: run === entry.run ? entry.sample + i : i, behind };
      }
      behind = Math.min(behind, shown[i] ?? Infinity);
    }
  }
  return undefined;
}

/** Whether the next sample of the object begins a GOP, or there is none. */
function endsGop(reader: RunReader, { run, sample }: Exit): boolean {
  const opened = reader.open(run);
  if (opened === undefined || sample + 1 < opened.table.count) {
    return opened?.table.syncs[sample + 1] === 1;
  }
  const { samples } = decodeTrackSamples(opened.run.track);
  const next = opened.run.firstSample + opened.run.sampleCount;
  return next >= samples.count || samples.syncs[next] === 1;
}

/** When the last sync sample is shown that no picture leads. */
function lastEntryTime(reader: RunReader, numbers: readonly number[], entry: Entry, exit: Exit): number {
  for (const run of numbers.filter((number) => number >= entry.run && number <= exit.run).reverse()) {
    const opened = reader.open(run);
    const last = run === exit.run ? exit.sample : Infinity;
    const sample = opened?.table.syncs.findLastIndex((sync, i) => {
      return sync === 1 && i <= last && !isLed(reader, opened, i);
    });
    const time = opened?.presentation[sample ?? -1];
    if (time !== undefined) {
      return Math.max(time, entry.time);
    }
  }
  return entry.time;
}

/** Presentation times of a run's samples, in decode order, without those before the entry. */
function shownFrom(reader: RunReader, run: number, entry: Entry): Float64Array {
  const { presentation = new Float64Array() } = reader.open(run) ?? {};
  return run === entry.run ? presentation.subarray(entry.sample) : presentation;
}

function latestOf(shown: Iterable<number>): number {
  let latest = -Infinity;
  for (const time of shown) {
    latest = Math.max(latest, time);
  }
  return latest;
}

function runningLatest(shown: Float64Array, before: number): Float64Array {
  let latest = before;
  return shown.map((time) => (latest = Math.max(latest, time)));
}
