import { packObject } from '../index/packed-object';
import { MediaRanges } from './media-ranges';
import type { PlanObject } from './movie-plan';
import type { Piece } from './piece';
import { makePlanObject } from './plan-object';

/** The objects of a plan, each once, and what of their bytes is taken. */
export class ObjectList {
  readonly objects: PlanObject[] = [];
  readonly media = new MediaRanges();
  private readonly numbers = new Map<string, number>();

  /** Takes what a piece needs; returns the number of its object. */
  take(piece: Piece): number {
    const { segment, opened } = piece;
    const packed = packObject(segment);
    const object = this.numberOf(piece, packed.leaves);
    if (opened === undefined) {
      this.media.takeWhole(object, segment.sizeBytes);
    } else {
      const wanted = piece.slices.flatMap((slice) => {
        const track = opened.find((candidate) => candidate.track === slice.track);
        return track === undefined ? [] : [{ table: track.index.samples, ...slice }];
      });
      this.media.takeSamples(object, packed.leaves, wanted);
    }
    return object;
  }

  private numberOf({ segment }: Piece, packedLeaves: Uint8Array): number {
    const identity = `${segment.bucket}/${segment.key}`;
    const known = this.numbers.get(identity);
    if (known !== undefined) {
      return known;
    }
    this.numbers.set(identity, this.objects.length);
    return this.objects.push(makePlanObject(segment, packedLeaves)) - 1;
  }
}
