import { ExportError } from '@clipmesh/errors';
import type { MediaRange } from './movie';

/** Stands for the number of an object where bytes are inline. */
export const NO_OBJECT = -1;

/** A movie's range and where its first byte stands in mdat's payload. */
export interface PlacedRange {
  /** {@link NO_OBJECT} for bytes of our own. */
  readonly object: number;
  readonly offset: number;
  readonly length: number;
  readonly position: number;
  /** Bytes of the inline range directly before; 0 where there is none. */
  readonly inlineBefore: number;
  /** Of the same object; set while the map is made. */
  nextOfObject: PlacedRange | undefined;
}

/** Which bytes of which objects mdat is made of, and where they come to stand in its payload. */
export class MdatMap {
  readonly payloadBytes: number;
  private readonly placed: PlacedRange[] = [];
  private lastAt: PlacedRange | undefined;
  /** By object. */
  private readonly firsts: (PlacedRange | undefined)[] = [];

  constructor(ranges: readonly MediaRange[]) {
    const lasts: PlacedRange[] = [];
    let position = 0;
    let inlineBefore = 0;
    for (const range of ranges) {
      const placed = placeRange(range, position, inlineBefore);
      this.placed.push(placed);
      if (placed.object !== NO_OBJECT) {
        const last = lasts[placed.object];
        if (last === undefined) {
          this.firsts[placed.object] = placed;
        } else {
          last.nextOfObject = placed;
        }
        lasts[placed.object] = placed;
      }
      position += placed.length;
      inlineBefore = placed.object === NO_OBJECT ? placed.length : 0;
    }
    this.payloadBytes = position;
  }

  firstOf(object: number): PlacedRange | undefined {
    return this.firsts[object];
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

function placeRange(range: MediaRange, position: number, inlineBefore: number): PlacedRange {
  const [object, offset, length] =
    'inline' in range ? [NO_OBJECT, 0, range.inline.length] : [range.object, range.offset, range.length];
  return { object, offset, length, position, inlineBefore, nextOfObject: undefined };
}

/**
 * Finds a track's samples in mdat. An object may stand there more than once, when ranges of a job overlap:
 * samples come in the movie's order, so the search goes on from where the last one of the object was found,
 * and only then from the front. Any range that holds a sample holds the same bytes.
 */
export class SampleFinder {
  /** By object. */
  private readonly lastUsed: (PlacedRange | undefined)[] = [];

  constructor(private readonly map: MdatMap) {}

  /** The range that holds these bytes of an object; with a prefix, the one that begins there behind so many bytes inline. */
  find(object: number, offset: number, length: number, prefixBytes = 0): PlacedRange {
    const first = this.map.firstOf(object);
    const start = this.lastUsed[object] ?? first;
    let range = start;
    while (range !== undefined) {
      if (holds(range, offset, length) && isPrefixed(range, offset, prefixBytes)) {
        this.lastUsed[object] = range;
        return range;
      }
      range = range.nextOfObject ?? first;
      if (range === start) {
        break;
      }
    }
    const behind = prefixBytes === 0 ? '' : ` that begins there behind ${prefixBytes} bytes inline`;
    throw new ExportError('InternalError', {
      message: `bytes ${offset} to ${offset + length} of object ${object} are in no range of the movie${behind}`,
      details: { object, offset, length, prefixBytes },
    });
  }
}

function holds(range: PlacedRange, offset: number, length: number): boolean {
  return range.offset <= offset && offset + length <= range.offset + range.length;
}

function isPrefixed(range: PlacedRange, offset: number, prefixBytes: number): boolean {
  return prefixBytes === 0 || (range.offset === offset && range.inlineBefore === prefixBytes);
}
