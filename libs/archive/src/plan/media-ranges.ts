import { byteSpans, sliceSampleTable, type MediaRange, type SampleTable } from '@clipmesh/media';
import { leafEnds } from '../index/packed-leaves';

interface TakenLeaves {
  readonly ends: Float64Array;
  readonly isTaken: Uint8Array;
  /** Bytes of our own that go in before a leaf whenever it is taken. */
  readonly insertions: ReadonlyMap<number, Uint8Array>;
}

/** Samples of a table that are wanted. */
export interface WantedSamples {
  readonly table: SampleTable;
  readonly firstSample: number;
  readonly sampleCount: number;
}

/** Collects what `mdat` holds: leaves of objects, in the order in which they are first wanted, each of them once. */
export class MediaRanges {
  readonly ranges: MediaRange[] = [];
  /** By number of the object. */
  private readonly taken: (TakenLeaves | 'whole' | undefined)[] = [];

  /**
   * Has bytes put in before the leaves that begin at these offsets, whenever one is taken. Once an object, before
   * anything of it is taken. False when at one of the offsets no leaf begins.
   */
  insertBefore(
    object: number,
    packedLeaves: Uint8Array,
    insertions: ReadonlyMap<number, Uint8Array>,
  ): boolean {
    if (this.taken[object] !== undefined) {
      return true;
    }
    const { ends, isTaken } = openLeaves(packedLeaves);
    const byLeaf = new Map<number, Uint8Array>();
    for (const [offset, bytes] of insertions) {
      const leaf = leafAt(ends, offset);
      if ((ends[leaf - 1] ?? 0) !== offset) {
        return false;
      }
      byLeaf.set(leaf, bytes);
    }
    this.taken[object] = { ends, isTaken, insertions: byLeaf };
    return true;
  }

  takeWhole(object: number, sizeBytes: number): void {
    const leaves = this.taken[object];
    if (leaves === undefined) {
      this.taken[object] = 'whole';
      this.add(object, 0, sizeBytes);
    } else if (leaves !== 'whole') {
      this.takeLeaves(object, leaves, () => true);
      this.taken[object] = 'whole';
    }
  }

  /** Takes the leaves that hold any of the samples. */
  takeSamples(object: number, packedLeaves: Uint8Array, wanted: readonly WantedSamples[]): void {
    const known = this.taken[object];
    if (known === 'whole') {
      return;
    }
    const leaves = known ?? openLeaves(packedLeaves);
    this.taken[object] = leaves;
    const isWanted = new Uint8Array(leaves.ends.length);
    for (const { table, firstSample, sampleCount } of wanted) {
      for (const { offset, length } of byteSpans(sliceSampleTable(table, firstSample, sampleCount))) {
        for (let leaf = leafAt(leaves.ends, offset); (leaves.ends[leaf - 1] ?? 0) < offset + length; leaf++) {
          isWanted[leaf] = 1;
        }
      }
    }
    this.takeLeaves(object, leaves, (leaf) => isWanted[leaf] === 1);
  }

  private takeLeaves(object: number, leaves: TakenLeaves, isWanted: (leaf: number) => boolean): void {
    leaves.ends.forEach((end, leaf) => {
      if (isWanted(leaf) && leaves.isTaken[leaf] !== 1) {
        leaves.isTaken[leaf] = 1;
        const inline = leaves.insertions.get(leaf);
        if (inline !== undefined) {
          this.ranges.push({ inline });
        }
        this.add(object, leaves.ends[leaf - 1] ?? 0, end);
      }
    });
  }

  private add(object: number, start: number, end: number): void {
    const last = this.ranges.at(-1);
    if (
      last !== undefined &&
      !('inline' in last) &&
      last.object === object &&
      last.offset + last.length === start
    ) {
      this.ranges[this.ranges.length - 1] = { ...last, length: end - last.offset };
    } else {
      this.ranges.push({ object, offset: start, length: end - start });
    }
  }
}

function openLeaves(packedLeaves: Uint8Array): TakenLeaves {
  const ends = leafEnds(packedLeaves);
  return { ends, isTaken: new Uint8Array(ends.length), insertions: new Map() };
}

/** Number of the leaf that holds a byte. */
function leafAt(ends: Float64Array, byte: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) <= byte) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
