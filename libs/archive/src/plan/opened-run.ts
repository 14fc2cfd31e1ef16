import type { SampleTable } from '@clipmesh/media';
import type { PlanRun, PlanTrack } from './movie-plan';
import { readRun } from './read-run';

/** A run whose samples have been read; times are output media times of its track. */
export interface OpenedRun {
  /** Number of the run in its track. */
  readonly number: number;
  readonly run: PlanRun;
  readonly table: SampleTable;
  readonly decode: Float64Array;
  readonly presentation: Float64Array;
}

/** How far a presentation time may lie from its decode time: no encoder reorders over more. */
const REORDERING_SECONDS = 10;

/** Opens the runs of a track one at a time, and keeps the last: neighbours are asked for one behind another. */
export class RunReader {
  private last: OpenedRun | undefined;

  constructor(private readonly track: PlanTrack) {}

  /** Numbers of the runs that may show something in `[from, to)`, in order. */
  candidates(from: number, to: number): number[] {
    const slack = REORDERING_SECONDS * this.track.timescale;
    const { runs } = this.track;
    return [...runs.keys()].filter((i) => {
      const next = runs[i + 1];
      return (
        (runs[i]?.decodeStart ?? 0) < to + slack && (next === undefined || next.decodeStart > from - slack)
      );
    });
  }

  open(number: number): OpenedRun | undefined {
    const run = this.track.runs[number];
    if (run === undefined || this.last?.number === number) {
      return this.last?.number === number ? this.last : undefined;
    }
    const table = readRun(run, this.track);
    const decode = new Float64Array(table.count);
    const presentation = new Float64Array(table.count);
    let at: number = run.decodeStart;
    for (let i = 0; i < table.count; i++) {
      decode[i] = at;
      presentation[i] = at + (table.compositionOffsets[i] ?? 0);
      at += table.durations[i] ?? 0;
    }
    this.last = { number, run, table, decode, presentation };
    return this.last;
  }
}
