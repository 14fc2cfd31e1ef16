import { NO_OBJECT, type MdatMap } from './mdat-map';
import type { SampleRun } from './movie';
import { SampleScratch } from './sample-scratch';
import type { SampleTable } from './sample-table';
import type { StoredSamples } from './stored-samples';

/** So many samples are compared between two looks at the store. */
const STEP = 16_384;

/** A track's samples as they stand in a finished file. */
export interface FoundSamples {
  readonly samples: StoredSamples;
  readonly map: MdatMap;
  readonly headerBytes: number;
}

/** Walks the samples that the file tells of and those of the runs in step; yields at most one difference for a run. */
export async function* differencesOfSamples(
  found: FoundSamples,
  mediaDuration: number,
  runs: readonly SampleRun[],
): AsyncGenerator<string> {
  const { samples } = found;
  const scratch = new SampleScratch();
  let first = 0;
  let duration = 0;
  for (const run of runs) {
    const table = run.readSamples(scratch);
    if (first + table.count > samples.count) {
      yield `there are ${samples.count} samples, planned were more than ${first + table.count - 1}`;
      return;
    }
    const comparison = new RunComparison(found, run, table, first);
    for (let from = 0; from < table.count; from += STEP) {
      const to = Math.min(from + STEP, table.count);
      // Most runs are short: a promise for each would be garbage by the megabyte.
      if (!samples.has(to - from)) {
        await samples.fetch(to - from);
      }
      comparison.compare(from, to);
    }
    if (comparison.difference !== undefined) {
      yield comparison.difference;
    }
    first += table.count;
    duration += comparison.duration;
  }
  if (first !== samples.count) {
    yield `there are ${samples.count} samples, planned were ${first}`;
    return;
  }
  samples.expectEnd();
  if (mediaDuration !== duration) {
    yield `media duration is ${mediaDuration}, its samples last ${duration}`;
  }
}

/** One run's samples beside those of the file. */
class RunComparison {
  difference: string | undefined;
  /** Ticks of the file's samples. */
  duration = 0;
  private chunk = -1;
  private leftInChunk = 0;
  /** Where the next sample lies in the run's object, by the plan. */
  private plannedAt = 0;

  constructor(
    private readonly found: FoundSamples,
    private readonly run: SampleRun,
    private readonly table: SampleTable,
    private readonly first: number,
  ) {}

  compare(from: number, to: number): void {
    const { samples } = this.found;
    for (let i = from; i < to; i++) {
      samples.take();
      this.duration += samples.duration;
      const offset = this.nextOffset(i);
      if (this.difference === undefined) {
        this.difference = this.unequal(i) ?? this.misplaced(i, offset);
      }
    }
  }

  private nextOffset(i: number): number {
    const { chunkOffsets, chunkSampleCounts, sizes } = this.table;
    while (this.leftInChunk === 0 && this.chunk < chunkOffsets.length) {
      this.chunk++;
      this.leftInChunk = chunkSampleCounts[this.chunk] ?? 0;
      this.plannedAt = chunkOffsets[this.chunk] ?? 0;
    }
    this.leftInChunk--;
    const at = this.plannedAt;
    this.plannedAt += sizes[i] ?? 0;
    return at;
  }

  private unequal(i: number): string | undefined {
    const { size, duration, compositionOffset, isSync } = this.found.samples;
    const { sizes, durations, compositionOffsets, syncs } = this.table;
    if (size !== (sizes[i] ?? 0) + this.prefixOf(i)) {
      return this.tell(i, 'sizes', size, (sizes[i] ?? 0) + this.prefixOf(i));
    }
    if (duration !== durations[i]) {
      return this.tell(i, 'durations', duration, durations[i]);
    }
    if (compositionOffset !== compositionOffsets[i]) {
      return this.tell(i, 'compositionOffsets', compositionOffset, compositionOffsets[i]);
    }
    return isSync === (syncs[i] === 1) ? undefined : this.tell(i, 'syncs', isSync ? 1 : 0, syncs[i]);
  }

  private tell(i: number, column: string, is: number, planned = 0): string {
    return `${this.nameOf(i)}: ${column} has ${is}, planned was ${planned}`;
  }

  /** Follows a sample back from the file through mdat's ranges to its object: another way than it was placed. */
  private misplaced(i: number, planned: number): string | undefined {
    const { samples, map, headerBytes } = this.found;
    const prefix = this.prefixOf(i);
    const size = samples.size - prefix;
    if (samples.size === 0) {
      return undefined; // An empty sample is everywhere: between two ranges it belongs to either.
    }
    const position = samples.position - headerBytes + prefix;
    const range = map.rangeAt(position);
    const offset = range === undefined ? -1 : range.offset + position - range.position;
    if (range?.object !== this.run.object || offset !== planned) {
      return `${this.nameOf(i)} is at byte ${offset} of object ${range?.object ?? NO_OBJECT}, planned was byte ${planned} of object ${this.run.object}`;
    }
    if (offset + size > range.offset + range.length) {
      return `${this.nameOf(i)} ends behind the range that it begins in`;
    }
    if (prefix > 0 && (range.position !== position || range.inlineBefore !== prefix)) {
      return `${this.nameOf(i)} lacks the ${prefix} bytes before it`;
    }
    return undefined;
  }

  private nameOf(i: number): string {
    return `sample ${this.first + i + 1}`;
  }

  private prefixOf(i: number): number {
    return this.table.syncs[i] === 1 ? (this.run.syncPrefixBytes ?? 0) : 0;
  }
}
