import { corruptBox } from '../bytes/box-error';
import type { StoredTable } from './stored-table';

/** The sample tables of one track. */
export interface StoredTables {
  readonly stts: StoredTable;
  readonly ctts: StoredTable | undefined;
  readonly stss: StoredTable | undefined;
  readonly stsc: StoredTable;
  readonly stsz: StoredTable;
  readonly chunkOffsets: StoredTable;
}

/** The samples that a file's tables tell of, one after another, as a player would find them. */
export class StoredSamples {
  readonly count: number;
  size = 0;
  duration = 0;
  compositionOffset = 0;
  isSync = false;
  /** Of the sample's first byte in the file. */
  position = 0;
  private taken = 0;
  private readonly all: readonly StoredTable[];
  private readonly durations: RunCursor;
  private readonly compositionOffsets: RunCursor | undefined;
  private readonly syncs: SyncCursor | undefined;
  private readonly chunks: ChunkCursor;

  constructor(private readonly tables: StoredTables) {
    this.all = Object.values(tables).filter((table): table is StoredTable => table !== undefined);
    this.count = tables.stsz.left;
    this.durations = new RunCursor(tables.stts);
    this.compositionOffsets = tables.ctts && new RunCursor(tables.ctts);
    this.syncs = tables.stss && new SyncCursor(tables.stss);
    this.chunks = new ChunkCursor(tables.stsc, tables.chunkOffsets);
  }

  /** Whether so many calls of `take` need nothing that is not at hand. */
  has(samples: number): boolean {
    return this.all.every((table) => table.has(samples + LOOK_AHEAD));
  }

  /** Fetches what so many calls of `take` need. */
  async fetch(samples: number): Promise<void> {
    await Promise.all(this.all.map((table) => table.fetch(samples + LOOK_AHEAD)));
  }

  take(): void {
    this.taken++;
    this.size = this.tables.stsz.u32();
    this.duration = this.durations.take();
    this.compositionOffset = this.compositionOffsets === undefined ? 0 : this.compositionOffsets.take() | 0;
    this.isSync = this.syncs === undefined || this.syncs.take(this.taken);
    this.position = this.chunks.take(this.size);
  }

  /** Refuses tables that tell of samples behind the last. */
  expectEnd(): void {
    for (const table of [this.durations, this.compositionOffsets, this.syncs, this.chunks]) {
      table?.expectEnd(this.count);
    }
  }
}

/** stsc is read one entry ahead. */
const LOOK_AHEAD = 2;

function tellsOfMore(box: string, count: number): Error {
  return corruptBox(box, `tells of more samples than the ${count} in stsz`);
}

/** stts or ctts. */
class RunCursor {
  private value = 0;
  private left = 0;

  constructor(private readonly table: StoredTable) {}

  take(): number {
    if (this.left === 0) {
      this.left = this.table.u32();
      this.value = this.table.u32();
      if (this.left === 0) {
        throw corruptBox(this.table.type, 'has an empty run');
      }
    }
    this.left--;
    return this.value;
  }

  expectEnd(count: number): void {
    if (this.left > 0 || this.table.left > 0) {
      throw tellsOfMore(this.table.type, count);
    }
  }
}

class SyncCursor {
  private next = 0;

  constructor(private readonly table: StoredTable) {}

  take(number: number): boolean {
    if (this.next < number && this.table.left > 0) {
      this.next = this.table.u32();
      if (this.next < number) {
        throw corruptBox('stss', `names sample ${this.next} behind sample ${number - 1}`);
      }
    }
    return this.next === number;
  }

  expectEnd(count: number): void {
    if (this.next > count || this.table.left > 0) {
      throw tellsOfMore('stss', count);
    }
  }
}

/** stsc with stco or co64. */
class ChunkCursor {
  private chunk = 0;
  private perChunk = 0;
  private upcoming: { readonly chunk: number; readonly perChunk: number } | undefined;
  private left = 0;
  private at = 0;

  constructor(
    private readonly sizes: StoredTable,
    private readonly offsets: StoredTable,
  ) {}

  take(size: number): number {
    if (this.left === 0) {
      this.open();
    }
    this.left--;
    this.at += size;
    return this.at - size;
  }

  expectEnd(count: number): void {
    if (this.left > 0 || this.offsets.left > 0 || this.sizes.left > 0 || this.upcoming !== undefined) {
      throw tellsOfMore('stsc', count);
    }
  }

  private open(): void {
    this.chunk++;
    if (this.chunk === 1) {
      this.lookAhead();
    }
    if (this.upcoming?.chunk === this.chunk) {
      this.perChunk = this.upcoming.perChunk;
      this.lookAhead();
    }
    this.left = this.perChunk;
    this.at = this.offsets.type === 'co64' ? this.offsets.u64() : this.offsets.u32();
  }

  private lookAhead(): void {
    this.upcoming = undefined;
    if (this.sizes.left > 0) {
      const chunk = this.sizes.u32();
      const perChunk = this.sizes.u32();
      const description = this.sizes.u32();
      const isInOrder = this.perChunk === 0 ? chunk === 1 : chunk > this.chunk;
      if (!isInOrder || perChunk === 0 || description !== 1) {
        const entry = `${chunk} ${perChunk} ${description}`;
        throw corruptBox('stsc', `has the entry ${entry} behind chunk ${this.chunk}`);
      }
      this.upcoming = { chunk, perChunk };
    }
  }
}
