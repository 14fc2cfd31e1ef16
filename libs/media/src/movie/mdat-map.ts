import { ExportError } from '@clipmesh/errors';
import type { ByteRange } from './movie';

/** A movie's range and where its first byte stands in mdat's payload. */
export interface PlacedRange extends ByteRange {
  readonly position: number;
}

/** Which bytes of which objects mdat is made of, and where they come to stand in its payload. */
export class MdatMap {
  readonly payloadBytes: number;
  private readonly placed: PlacedRange[] = [];
  private lastAt: PlacedRange | undefined;
  private readonly byObject = new Map<number, PlacedRange[]>();

  constructor(ranges: readonly ByteRange[]) {
    let position = 0;
    for (const { object, offset, length } of ranges) {
      const range = { object, offset, length, position };
      this.placed.push(range);
      const sameObject = this.byObject.get(object);
      if (sameObject === undefined) {
        this.byObject.set(object, [range]);
      } else {
        sameObject.push(range);
      }
      position += length;
    }
    this.payloadBytes = position;
  }

  rangesOf(object: number): readonly PlacedRange[] {
    return this.byObject.get(object) ?? [];
  }

  /** The range that byte `position` of the payload comes from. */
  rangeAt(position: number): PlacedRange | undefined {
    const last = this.lastAt;
    if (last === undefined || position < last.position || position >= last.position + last.length) {
      this.lastAt = this.search(position);
    }
    return this.lastAt;
  }

  private search(position: number): PlacedRange | undefined {
    let low = 0;
    let high = this.placed.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.placed[middle]?.position ?? 0) <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.placed[low - 1];
  }
}

/**
 * Finds a track's samples in mdat. An object may stand there more than once, when ranges of a job overlap:
 * samples come in the movie's order, so the search goes on from where the last one of the object was found,
 * and only then from the front. Any range that holds a sample holds the same bytes.
 */
export class SampleFinder {
  private readonly lastUsed = new Map<number, number>();

  constructor(private readonly map: MdatMap) {}

  find(object: number, offset: number, length: number): PlacedRange {
    const ranges = this.map.rangesOf(object);
    const start = this.lastUsed.get(object) ?? 0;
    for (let step = 0; step < ranges.length; step++) {
      const at = (start + step) % ranges.length;
      const range = ranges[at];
      if (range && range.offset <= offset && offset + length <= range.offset + range.length) {
        this.lastUsed.set(object, at);
        return range;
      }
    }
    throw new ExportError('InternalError', {
      message: `bytes ${offset} to ${offset + length} of object ${object} are in no range of the movie`,
      details: { object, offset, length },
    });
  }
}
