import { ChunkPlacer } from './chunk-placer';
import type { SampleFinder } from './mdat-map';
import type { SampleRun } from './movie';
import { RunLengths } from './run-lengths';
import { SampleScratch } from './sample-scratch';
import type { SampleTable } from './sample-table';
import type { TrackSums, TrackTables } from './track-tables';

/**
 * One pass over a track's samples, run by run: the first counts what goes into its tables, the second writes it.
 * Nothing of a run is kept behind it.
 */
export class TrackPass {
  private sampleCount = 0;
  private readonly scratch = new SampleScratch();
  private readonly durations: RunLengths;
  private readonly compositionOffsets: RunLengths;
  private readonly chunks: ChunkPlacer;

  constructor(
    private readonly tables: TrackTables,
    finder: SampleFinder,
  ) {
    this.durations = new RunLengths(tables.durations);
    this.compositionOffsets = new RunLengths(tables.compositionOffsets);
    this.chunks = new ChunkPlacer(tables, finder);
  }

  over(runs: readonly SampleRun[]): TrackSums {
    for (const run of runs) {
      this.addRun(run);
    }
    this.chunks.end();
    this.durations.end();
    this.compositionOffsets.end();
    return {
      sampleCount: this.sampleCount,
      chunkCount: this.chunks.count,
      duration: this.durations.sum,
      leastCompositionOffset: this.compositionOffsets.least,
      greatestCompositionOffset: this.compositionOffsets.greatest,
      furthestChunk: this.chunks.furthest,
    };
  }

  private addRun(run: SampleRun): void {
    const { syncPrefixBytes = 0 } = run;
    const read = run.readSamples(this.scratch);
    const table = syncPrefixBytes === 0 ? read : { ...read, sizes: prefixedSizes(read, syncPrefixBytes) };
    this.tables.sizes.pushAll(table.sizes);
    this.durations.addAll(table.durations);
    this.compositionOffsets.addAll(table.compositionOffsets);
    this.addSyncs(table.syncs);
    this.chunks.addRun(run.object, table, syncPrefixBytes);
    this.sampleCount += table.count;
  }

  private addSyncs(syncs: Uint8Array): void {
    const { syncNumbers } = this.tables;
    for (let i = 0; i < syncs.length; i++) {
      if (syncs[i] === 1) {
        syncNumbers.push(this.sampleCount + i + 1);
      }
    }
  }
}

/** What belongs to a sync sample before its own bytes counts among its bytes. */
function prefixedSizes({ sizes, syncs }: SampleTable, prefixBytes: number): Uint32Array {
  const prefixed = sizes.slice();
  for (let i = 0; i < prefixed.length; i++) {
    if (syncs[i] === 1) {
      prefixed[i] = (prefixed[i] ?? 0) + prefixBytes;
    }
  }
  return prefixed;
}
