import type { Trak } from '../box/trak';
import { sameDescription } from './expand-stbl';
import { SampleTableBuilder } from './sample-table-builder';
import type { TrackKind } from './track';

/** A track of an object while its samples are read. */
export class TrackReading {
  readonly table: SampleTableBuilder;
  readonly trackId: number;
  /** Decode time of the first sample as it stands in the file. */
  firstDecode = 0n;
  /** Ticks from the first sample's decode time to the end of the last. */
  elapsed = 0;
  /** From 1; 0 until a sample is known. */
  description = 0;

  constructor(
    readonly kind: TrackKind,
    readonly trak: Trak,
    sizeBytes: number,
  ) {
    this.trackId = trak.tkhd.trackId;
    this.table = new SampleTableBuilder(sizeBytes);
  }

  useDescription(index: number, box: string): void {
    this.description = sameDescription(this.description, index, box);
  }
}
