import { ticks, type Ticks } from '@clipmesh/media';
import type { MoviePlan, PlanTrack, PlanWindow } from '../plan/movie-plan';
import { RunReader } from '../plan/opened-run';

/**
 * A plan whose windows are cut into parts of about the wished length, for encoders that work side by side. Parts begin at
 * sync samples, so that no picture is decoded twice; what leads a sync sample (open GOP) belongs to the part before.
 */
export function cutWindows(plan: MoviePlan, partMs: number): MoviePlan {
  const [main] = plan.tracks;
  if (main?.kind !== 'video') {
    return plan;
  }
  const cutter = new WindowCutter(main, (partMs * main.timescale) / 1000);
  return { ...plan, windows: plan.windows.flatMap((window) => cutter.cut(window)) };
}

/** A window cut where one object ends and the next begins: for a part that cannot be decoded as a whole. */
export function cutAtObjects(plan: MoviePlan, { range, from, to }: PlanWindow): readonly PlanWindow[] {
  const [main] = plan.tracks;
  if (main === undefined) {
    return [];
  }
  const reader = new RunReader(main);
  const borders = reader
    .candidates(from, to)
    .map((number) => reader.open(number)?.presentation.reduce((first, time) => Math.min(first, time)) ?? from)
    .filter((time) => time > from && time < to);
  const starts = [from, ...borders.map(ticks)];
  return starts.map((start, i) => ({ range, from: start, to: starts[i + 1] ?? to }));
}

class WindowCutter {
  private readonly reader: RunReader;

  constructor(
    private readonly track: PlanTrack,
    private readonly partTicks: number,
  ) {
    this.reader = new RunReader(track);
  }

  cut({ range, from, to }: PlanWindow): PlanWindow[] {
    const count = Math.max(1, Math.round((to - from) / this.partTicks));
    const borders: Ticks[] = [from];
    for (let part = 1; part < count; part++) {
      const border = this.syncNear(from + ((to - from) * part) / count);
      if (border !== undefined && border > (borders.at(-1) ?? from) && border < to) {
        borders.push(border);
      }
    }
    return borders.map((border, i) => ({ range, from: border, to: borders[i + 1] ?? to }));
  }

  /** Presentation time of the sync sample next to `time`, as far as the run says that is decoded then. */
  private syncNear(time: number): Ticks | undefined {
    const opened = this.reader.open(this.runAt(time));
    let nearest: number | undefined;
    opened?.presentation.forEach((shown, i) => {
      const isNearer = nearest === undefined || Math.abs(shown - time) < Math.abs(nearest - time);
      if (opened.table.syncs[i] === 1 && isNearer) {
        nearest = shown;
      }
    });
    return nearest === undefined ? undefined : ticks(nearest);
  }

  /** Number of the last run that begins at or before `time`. */
  private runAt(time: number): number {
    const { runs } = this.track;
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((runs[middle]?.decodeStart ?? 0) <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, low - 1);
  }
}
