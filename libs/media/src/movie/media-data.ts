import { ExportError } from '@clipmesh/errors';
import { corruptBox } from '../bytes/box-error';
import type { TopLevelBox } from './box-collector';

/** Where an object's mdat boxes lie. Samples anywhere else are refused. */
export class MediaData {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  constructor(
    boxes: readonly TopLevelBox[],
    private readonly sizeBytes: number,
  ) {
    for (const box of boxes) {
      if (box.type === 'mdat') {
        this.starts.push(box.offset + 8);
        this.ends.push(box.offset + box.sizeBytes);
      }
    }
  }

  /** Refuses bytes of samples, told of by `box`, that lie outside the object or outside its media data. */
  expectHolds(offset: number, length: number, box: string): void {
    const end = offset + length;
    if (end > this.sizeBytes) {
      throw new ExportError('SegmentTruncated', {
        message: `${box} box places samples up to byte ${end} of an object of ${this.sizeBytes}`,
        details: { box, offset, length, sizeBytes: this.sizeBytes },
      });
    }
    const at = this.lastStartingUpTo(offset);
    if (at < 0 || end > (this.ends[at] ?? 0)) {
      throw corruptBox(box, `places samples at bytes ${offset} to ${end}, outside every mdat box`, {
        offset,
        length,
      });
    }
  }

  private lastStartingUpTo(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] ?? 0) <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
